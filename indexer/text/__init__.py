"""Text to tokens: the one analysis that index, query and snippets share.

analyzer           text to tokens: folded words, each with its term
sentences          text to the spans of its sentences
stemming           a folded word to its term
spelling_variants  British spellings and classical plurals to their American singular
"""
