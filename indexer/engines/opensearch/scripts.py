"""The scripts that the server runs. Their text is constant, what differs are parameters: the server compiles a script
once, and few new ones a minute.

`p` has the positions of a document (see mapping.py), ascending, eight bytes each: those of a term stand together, by
field, in order.
"""

from typing import Final

_POSITION_AT: Final = """
long positionAt(byte[] bytes, int start) {
  long high = ((bytes[start] & 255) << 24) | ((bytes[start + 1] & 255) << 16)
      | ((bytes[start + 2] & 255) << 8) | (bytes[start + 3] & 255);
  long low = ((bytes[start + 4] & 255) << 24) | ((bytes[start + 5] & 255) << 16)
      | ((bytes[start + 6] & 255) << 8) | (bytes[start + 7] & 255);
  return (high << 32) | (low & 4294967295L);
}
"""

# What a client needs of a document to compute its score: numbers of eight bytes each, the highest first, in base 64.
# First the values of the fields n; then the positions of some terms, h their hashes, ascending, each as  place of its
# term in h << 23 | what `p` has below the hash; and of the fields of the bits f all positions, those of other terms
# too, as  -1 - position.
SCORED: Final = (
    _POSITION_AT
    + """
void put(byte[] bytes, int start, long number) {
  for (int i = 7; i >= 0; i--) { bytes[start + i] = (byte) number; number = number >> 8; }
}
int firstOf(byte[] bytes, int start, int size, int from, long hash) {
  int low = from;
  int high = size;
  while (low < high) {
    int middle = (low + high) >>> 1;
    if ((positionAt(bytes, start + 8 * middle) >> 23) < hash) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

List names = params.n;
List hashes = params.h;
long fields = ((Number) params.f).longValue();
byte[] bytes = new byte[0];
int start = 0;
int size = 0;
if (doc['p'].size() > 0) {
  def stored = doc['p'].get(0);
  bytes = stored.bytes;
  start = stored.offset;
  size = stored.length / 8;
}
int terms = hashes.size();
int[] firsts = new int[terms];
int[] ends = new int[terms];
int count = names.size();
int at = 0;
for (int t = 0; t < terms; t++) {
  long hash = ((Number) hashes.get(t)).longValue();
  at = firstOf(bytes, start, size, at, hash);
  firsts[t] = at;
  while (at < size && (positionAt(bytes, start + 8 * at) >> 23) == hash) { at++; }
  ends[t] = at;
  count += at - firsts[t];
}
if (fields != 0) {
  for (int i = 0; i < size; i++) {
    if (((fields >> ((positionAt(bytes, start + 8 * i) >> 20) & 7)) & 1) == 1) { count++; }
  }
}
byte[] found = new byte[8 * count];
int next = 0;
for (int n = 0; n < names.size(); n++) {
  put(found, next, ((Number) doc[(String) names.get(n)].get(0)).longValue());
  next += 8;
}
for (int t = 0; t < terms; t++) {
  for (int i = firsts[t]; i < ends[t]; i++) {
    put(found, next, ((long) t << 23) | (positionAt(bytes, start + 8 * i) & 8388607L));
    next += 8;
  }
}
if (fields != 0) {
  for (int i = 0; i < size; i++) {
    long position = positionAt(bytes, start + 8 * i);
    if (((fields >> ((position >> 20) & 7)) & 1) == 1) {
      put(found, next, -1 - position);
      next += 8;
    }
  }
}
return Base64.getEncoder().encodeToString(found);
"""
)

# How many conditions the matches are of: each shard sets a bit for each, by its number; w words of 64 bits have all.
COUNT_CONDITIONS: Final = {
    "init_script": "state.seen = new long[params.w];",
    "map_script": """
int number = (int) doc['condition_number'].value;
long[] seen = (long[]) state.seen;
seen[number >> 6] |= 1L << (number & 63);
""",
    "combine_script": "return state.seen;",
    "reduce_script": """
long[] all = new long[params.w];
for (state in states) {
  if (state == null) { continue; }
  long[] seen = (long[]) state;
  for (int i = 0; i < all.length; i++) { all[i] |= seen[i]; }
}
int count = 0;
for (int i = 0; i < all.length; i++) { count += Long.bitCount(all[i]); }
return count;
""",
}

# The share of the idf of field f that some terms make up. h its terms, ascending, i the idf of each, c 1 for those that
# count.
COVERAGE: Final = (
    _POSITION_AT
    + """
if (doc['p'].size() == 0) { return 0; }
def stored = doc['p'].get(0);
byte[] bytes = stored.bytes;
long before = -1;
double whole = 0;
double covered = 0;
for (int i = 0; i < stored.length / 8; i++) {
  long position = positionAt(bytes, stored.offset + 8 * i);
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
)
