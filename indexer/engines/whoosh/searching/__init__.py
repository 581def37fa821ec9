"""A query to its matches, by NumPy over the mapped arrays of a generation; Whoosh is never imported here.

doc_values  the values of keyword fields by document, as ordinals to be counted
statistics  idf, field lengths and norms of a generation
live_postings  the postings of a segment's live documents
term_positions  where the terms of a generation stand, everywhere or in a few documents
snapshot    the segments of a generation as one sequence of documents, with its caches
proximity   what terms near each other add to the scores of a few documents
top_rows    the first rows of a page, while the scores of some rise
collector   doc sets to a page, groups and facets; expensive clauses in a second phase
searcher    the Searcher of the engine protocol
"""
