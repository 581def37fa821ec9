"""The journey out: a SearchRequest to Results, over one snapshot of any engine.

search            the pipeline: parse, rewrite, plan, match, expand, relax, show
query_knowledge   what a search knows besides the index: ranking, analyzer, thesaurus, spelling, names
term_statistics   document frequencies and idf, looked up once a query
question_words    the words of questions, and the words for aspects
rewriting         which words are searched, with what weight, and which other words stand for them
query_location    the words of a query that say where, by the values of the facets
synonym_spans     the places of a query that have synonyms; those of symptoms
scoring_plan      what must match, and the clauses that a score is the sum of
title_coverage    how much of a title the terms of a query make up
expansion         pseudo-relevance feedback: the first matches add their typical terms
relaxation        a query that nothing matches to weaker ones
did_you_mean      another query to suggest
spelling          an unknown word to its corrections
notices           a query that tells of an emergency to the notice above its results
hits              a match to a hit: snippets, group, unmatched words
snippets          the best sentences of a document, with spans
document_terms    the terms and words of a document
facets            counts to labelled buckets
explanation       what added how much to a score
more_like_this    a document to related conditions
"""
