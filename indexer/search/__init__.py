"""The journey out: a SearchRequest to Results, over one snapshot of any engine.

search            the pipeline: parse, rewrite, plan, match, expand, relax, show
query_knowledge   what a search knows besides the index: ranking, analyzer, thesaurus, spelling, names
term_statistics   document frequencies and idf, looked up once a query
question_words    the words of questions, and the words for aspects
rewritten_query   a query as it is searched: terms, required clauses, synonyms of names
rewriting         which words are searched, with what weight, and which other words stand for them
query_location    the words of a query that say where, by the values of the facets
symptom_spans     the words of a query that tell of a symptom, with its names
condition_tags    `condition:` with a name to the conditions that it means
asides            words that say nothing about what is looked for; with asides.toml
spans             a place in the text of a query
negation          what a query says is not wanted, and what an article denies; with negation.toml
beginnings        the beginning of a word to the words that it may become
closed_compounds  a compound to its other ways of writing
genera            a species with the initial of its genus to its full name; with genera.toml
everyday_words    words that are no slips; with everyday_words.toml
everyday_stems    such words to their terms, computed in advance; with everyday_stems.json
numerals          a number to its other way of writing
scoring_plan      what must match, and the clauses that a score is the sum of
title_coverage    how much of a title the terms of a query make up
expansion         pseudo-relevance feedback: the first matches add their typical terms
relaxation        a query that nothing matches to weaker ones
did_you_mean      another query to suggest
answering_conditions  a text that no name begins with to the conditions that a search finds
spelling          an unknown word to its corrections
notices           a query that tells of an emergency to the notice above its results
asked_topics      what a question asks about; with asked_topics.toml
answers           the first hits of a question to its answer, or to none
answer_passages   a document to the passage that answers
hits              a match to a hit: snippets, group, unmatched words
snippets          the best sentences of a document, with spans
matched_fields    the fields of a document that match, for its card
document_terms    the terms and words of a document
facets            counts to labelled buckets
cost              a request to an estimate of its cost, before it is searched
explanation       what added how much to a score
more_like_this    a document to related conditions, and why they are
siblings          a document to those on its condition, at other sites and sides
siblings_table    those documents to a table of sites by sides
medical_names     a document to the names of diseases, symptoms and treatments that it mentions
comparison        documents to the medical words that they share, and those that only one of them has
medical_words     a word to whether it tells one condition from another; with medical_words.toml
summary           a document to the sentences that say what its condition is
confused_pairs    conditions that people take for one another; with confused_pairs.toml
"""
