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

# The positions that a document has of some terms, for scores that the client computes: h the hashes of the terms,
# ascending. Each is  place of its term in h << 23 | what `p` has below the hash. Of the fields of the bits f it has all
# positions, those of other terms too, as  -1 - position.
TERM_POSITIONS: Final = (
    _POSITION_AT
    + """
List found = new ArrayList();
if (doc['p'].size() == 0) { return found; }
def stored = doc['p'].get(0);
byte[] bytes = stored.bytes;
int start = stored.offset;
int size = stored.length / 8;
int terms = params.h.size();
long fields = ((Number) params.f).longValue();
int at = 0;
for (int t = 0; t < terms && at < size; t++) {
  long hash = ((Number) params.h.get(t)).longValue();
  int high = size;
  while (at < high) {
    int middle = (at + high) >>> 1;
    if ((positionAt(bytes, start + 8 * middle) >> 23) < hash) { at = middle + 1; } else { high = middle; }
  }
  while (at < size) {
    long position = positionAt(bytes, start + 8 * at);
    if ((position >> 23) != hash) { break; }
    found.add(((long) t << 23) | (position & 8388607L));
    at++;
  }
}
if (fields != 0) {
  for (int i = 0; i < size; i++) {
    long position = positionAt(bytes, start + 8 * i);
    if (((fields >> ((position >> 20) & 7)) & 1) == 1) { found.add(-1 - position); }
  }
}
return found;
"""
)

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
