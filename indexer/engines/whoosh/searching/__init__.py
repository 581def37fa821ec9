"""A query to its matches, by NumPy over the mapped arrays of a generation; Whoosh is never imported here.

snapshot    the segments of a generation as one sequence of documents
doc_values  the values of keyword fields, to be counted
docsets     which documents match and their scores, sparse or dense
positions   phrases and proximity as joins of sorted position keys
evaluator   a query node to the documents that match it, with scores
collector   matches to a page, groups and facets
searcher    the Searcher of the engine protocol
"""
