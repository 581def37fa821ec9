"""What lets Whoosh write the segments of the index and open the index by itself; nothing else here imports Whoosh.

whoosh_modules  Whoosh's own modules, imported without their warnings
analysis        our analyzer as Whoosh analyzers
schema          a Document's fields as a Whoosh schema, and its stored fields
readers         Whoosh reads terms, postings, columns and stored fields from our arrays
codec           a Whoosh codec: Whoosh's segments are files of arrays, found by the folder
toc             Whoosh's table of contents beside our manifest: `whoosh.index.open_dir` opens the folder
storage         a writer of Whoosh sees one generation, and can harm none
writer          Whoosh's writer merges built segments, and its merge policies
"""
