"""A query node to the documents that match and their scores, by NumPy: what every engine computes alike.

An engine gives the postings of the documents that it looks at: all that it has, or those that it chose.

keys       doc fields and position keys, and sorted arrays of such numbers
docsets    the documents that match a node and their scores, sparse or dense
positions  phrases and proximity as joins of sorted position keys
bm25f      what lengths of fields make of an occurrence
postings   what an engine gives: the protocol
evaluator  a query node to its doc set
"""
