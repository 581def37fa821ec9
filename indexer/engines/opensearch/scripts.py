"""The scripts that scores are computed by, on the server. Their text is constant, numbers are parameters: the server
compiles a script once, and few new ones a minute.

The positions of a field are `hash of a term << 20 | position`, ascending (see mapping.py), so that those of a term
stand together, in order.
"""

from typing import Final

# A part of a leaf: what the frequency in one field adds to the weighted term frequency (see `Ranking`).
# w weight, b its b, n the field of the length, m its mean, k how often each occurrence was counted.
FIELD_FREQUENCY: Final = (
    "params.w == 0 ? 0 : params.w * (_score / params.k) / (1 - params.b + params.b * doc[params.n].value / params.m)"
)

# A leaf: idf * tf / (k1 + tf). w the idf, k the k1.
SATURATION: Final = "_score > 0 ? params.w * (_score / (params.k + _score)) : 0"

# How often some fields of one norm have any of the terms h. p the fields of their positions; the weighted frequency, as
# above.
ANY_FREQUENCY: Final = """
if (params.w == 0) { return 0; }
int count = 0;
for (String field : params.p) {
  def all = doc[field];
  for (int i = 0; i < all.size(); i++) {
    long hash = all.get(i) >> 20;
    int low = 0; int high = params.h.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long at = ((Number) params.h.get(middle)).longValue();
      if (at < hash) { low = middle + 1; } else if (at > hash) { high = middle - 1; } else { count++; break; }
    }
  }
}
return params.w * count / (1 - params.b + params.b * doc[params.n].value / params.m);
"""

# How many places of Near some fields of one norm have (see `query.nodes`), of the terms h within r positions, o: in
# that order.
NEAR_FREQUENCY: Final = """
if (params.w == 0) { return 0; }
int terms = params.h.size();
long[] hashes = new long[terms];
for (int t = 0; t < terms; t++) { hashes[t] = ((Number) params.h.get(t)).longValue(); }
int[] first = new int[terms];
int[] last = new int[terms];
int count = 0;
for (String field : params.p) {
  int size = doc[field].size();
  if (size < terms && !params.o) { continue; }
  long[] all = new long[size];
  for (int i = 0; i < size; i++) { all[i] = doc[field].get(i); }
  boolean complete = true;
  for (int t = 0; t < terms && complete; t++) {
    int low = 0; int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((all[middle] >> 20) < hashes[t]) { low = middle + 1; } else { high = middle; }
    }
    first[t] = low;
    while (low < size && (all[low] >> 20) == hashes[t]) { low++; }
    last[t] = low;
    complete = first[t] < low;
  }
  if (!complete) { continue; }
  if (params.o) {
    for (int s = first[0]; s < last[0]; s++) {
      long start = all[s] & 1048575L;
      long at = start;
      boolean found = true;
      for (int t = 1; t < terms && found; t++) {
        int i = first[t];
        while (i < last[t] && (all[i] & 1048575L) <= at) { i++; }
        if (i == last[t]) { found = false; } else { at = all[i] & 1048575L; }
      }
      if (found && at - start <= params.r) { count++; }
    }
  } else {
    for (int u = 0; u < terms; u++) {
      for (int s = first[u]; s < last[u]; s++) {
        long start = all[s] & 1048575L;
        boolean found = true;
        for (int t = 0; t < terms && found; t++) {
          int i = first[t];
          while (i < last[t] && (all[i] & 1048575L) < start) { i++; }
          found = i < last[t] && (all[i] & 1048575L) - start <= params.r;
        }
        if (found) { count++; }
      }
    }
  }
}
return params.w * count / (1 - params.b + params.b * doc[params.n].value / params.m);
"""

# The share of a field's idf that some terms make up. h the terms, ascending, i the idf of each, c 1 for those that
# count; w what a share of 1 scores.
COVERAGE: Final = """
def all = doc[params.p];
long before = -1;
double whole = 0;
double covered = 0;
for (int i = 0; i < all.size(); i++) {
  long hash = all.get(i) >> 20;
  if (hash == before) { continue; }
  before = hash;
  int low = 0; int high = params.h.size() - 1;
  while (low <= high) {
    int middle = (low + high) >>> 1;
    long at = ((Number) params.h.get(middle)).longValue();
    if (at < hash) { low = middle + 1; } else if (at > hash) { high = middle - 1; } else {
      double idf = ((Number) params.i.get(middle)).doubleValue();
      whole += idf;
      if (((Number) params.c.get(middle)).intValue() == 1) { covered += idf; }
      break;
    }
  }
}
return whole > 0 ? params.w * covered / whole : 0;
"""

# The share of the title that a document has: s of the hash h that is its own; 0 of any other.
TITLE_SHARE: Final = """
long bag = doc['b_title'].value;
int low = 0; int high = params.h.size() - 1;
while (low <= high) {
  int middle = (low + high) >>> 1;
  long at = ((Number) params.h.get(middle)).longValue();
  if (at < bag) { low = middle + 1; } else if (at > bag) { high = middle - 1; } else {
    return ((Number) params.s.get(middle)).doubleValue();
  }
}
return 0;
"""
