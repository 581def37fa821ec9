"""A query, from the text that was typed to what an engine evaluates.

request         what a user asks of a search, validated: SearchRequest, Filter, Page
lexer           text to lexemes
parser          lexemes to a ParsedQuery; never raises
parsed_query    clauses with the words that were typed for them
tag_values      what is typed after the name of a keyword field to values of it
nodes           the algebra that engines evaluate
restriction     a node to the same node on some fields
leaves          a node to what snippets mark
query           nodes, filters and ranking as an engine receives them
ranking         the numbers of ranking
ranking_file    a TOML file to a Ranking
interpretation  how a word was understood
"""
