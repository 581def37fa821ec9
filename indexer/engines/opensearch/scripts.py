"""The scripts that the server runs. Their text is constant, what differs are parameters: the server compiles a script
once, and few new ones a minute.

`p` has the positions of a document (see mapping.py), ascending: those of a term stand together, by field, in order.
"""

from typing import Final

# The positions that a document has of some terms, for scores that the client computes: h the hashes of the terms,
# ascending. Each is  place of its term in h << 23 | what `p` has below the hash. Of the fields of the bits f it has all
# positions, those of other terms as  -1 - position.
TERM_POSITIONS: Final = """
def all = doc['p'];
int size = all.size();
int terms = params.h.size();
long fields = ((Number) params.f).longValue();
List found = new ArrayList();
int at = 0;
for (int t = 0; t < terms && at < size; t++) {
  long hash = ((Number) params.h.get(t)).longValue();
  int high = size;
  while (at < high) {
    int middle = (at + high) >>> 1;
    if ((all.get(middle) >> 23) < hash) { at = middle + 1; } else { high = middle; }
  }
  while (at < size) {
    long position = all.get(at);
    if ((position >> 23) != hash) { break; }
    found.add(((long) t << 23) | (position & 8388607L));
    at++;
  }
}
if (fields != 0) {
  for (int i = 0; i < size; i++) {
    long position = all.get(i);
    if ((fields >> ((position >> 20) & 7) & 1) == 1) { found.add(-1 - position); }
  }
}
return found;
"""

# The share of the idf of field f that some terms make up. h its terms, ascending, i the idf of each, c 1 for those that
# count.
COVERAGE: Final = """
def all = doc['p'];
long before = -1;
double whole = 0;
double covered = 0;
for (int i = 0; i < all.size(); i++) {
  long position = all.get(i);
  long hash = position >> 23;
  if (hash == before || ((position >> 20) & 7) != params.f) { continue; }
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
return whole > 0 ? covered / whole : 0;
"""
