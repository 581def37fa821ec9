"""Whoosh's own modules, imported without the warnings that newer Pythons give about its source.

Whoosh 2.7.4 writes regular expressions with invalid escapes and compares numbers with `is`: harmless, and never to be
fixed there.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import analysis, columns, fields, formats, index, matching, reading, writing
    from whoosh.codec import base as codec
    from whoosh.filedb import filestore

__all__ = ["analysis", "codec", "columns", "fields", "filestore", "formats", "index", "matching", "reading", "writing"]
