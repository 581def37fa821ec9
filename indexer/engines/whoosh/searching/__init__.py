"""A query to its matches, by NumPy over the mapped arrays of a generation; Whoosh is never imported here.

docsets     the documents that match a node and their scores, sparse or dense
positions   phrases and proximity as joins of sorted position keys
doc_values  the values of keyword fields by document, as ordinals to be counted
statistics  idf, field lengths and norms of a generation
snapshot    the segments of a generation as one sequence of documents, with its caches
evaluator   a query node to its doc set
collector   doc sets to a page, groups and facets; expensive clauses in a second phase
searcher    the Searcher of the engine protocol
"""
