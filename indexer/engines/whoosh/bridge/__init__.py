"""What lets Whoosh itself write and open the index: the only modules that know Whoosh, through `whoosh_modules`.

whoosh_modules  Whoosh's own modules, imported without their warnings
schema          a Document is a row of Whoosh fields
codec           Whoosh writes its segments as arrays
readers         and reads them back
posting_pool    postings that Whoosh adds one by one are a segment too
storage         Whoosh sees a generation, and can harm none
"""
