"""Documents in a folder as a Whoosh index: durable commits, searches by NumPy over posting arrays.

format        the files: segments of arrays, and the manifest that names those of a generation
bridge        what lets Whoosh write the segments and open the index by itself; the only package that knows Whoosh
searching     a query to its matches, without Whoosh
batch         a batch of changes becomes a new generation, or nothing
verification  every problem of a stored index
engine        the Engine of the engine protocol
"""
