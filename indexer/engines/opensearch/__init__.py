"""Documents in an OpenSearch cluster: searches and commits of many machines, by one protocol.

address         the URL of a library to where it is and how to get in
cluster         requests, retries, and what goes wrong
mapping         the declared fields to those of an index
tally           what is counted over all documents: document frequencies, words, names
title_bags      the titles of a generation as sets of terms, and what of them some terms cover
index_entries   documents to what the index stores
scripts         the scripts that the server runs
match_bodies    nodes of a query to the bodies of requests that find what matches
snapshot_requests  one page to its requests, and their answers to counts
head            the head document: which generation is searched
tally_store     tallies beside the head
cheap_bodies    nodes to cheap scores, by which candidates for the page are chosen
generation_statistics  the numbers of a generation
generation_view  one generation, and what is cached of it
work            the work that a query is, and the query that its budget reaches for
candidates      the postings of some hits, by which the client scores them
ranked_hits     hits in the order of their exact scores
page_collector  a query to the matches of one page
searcher        the Searcher of the engine protocol
bulk            bulk requests, with patience
write_lease     the lock that admits one writer
cleanup         what killed batches and old generations leave, removed
batch           a batch of changes becomes a new generation, or nothing
cluster_check   every problem of a stored index
engine          the Engine of the engine protocol
"""
