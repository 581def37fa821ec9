"""Documents in a folder, kept by Whoosh: durable commits, searches by NumPy over posting arrays.

What each module promises:

    schema       a Document is a row of Whoosh fields
    arrays       named arrays are one file with a checksum, mapped and not read
    disk         a file operation is on the disk when it says so; one writer at a time
    manifest     one small file names what makes a generation, and its checksums
    storage      Whoosh sees a generation, and can harm none
    packing      documents are a segment in memory, made in any process
    merging      segments become one, array by array
    pool         postings that Whoosh adds one by one are a segment too
    codec        Whoosh writes its segments as arrays
    readers      and reads them back
    segments     one segment's arrays: terms, postings, lengths, columns
    writing      a batch is a new generation, or nothing
    snapshot     the segments of a generation are one sequence of documents
    positions    phrases and proximity are joins of sorted keys
    evaluation   a query node is the documents that match, with their scores
    selection    matches are a page, groups and facets
    searcher     the Searcher of the engine protocol
    verification finds what is damaged
    engine       the Engine of the engine protocol

Only schema, storage, codec, readers and writing know Whoosh: searching never imports it.
"""
