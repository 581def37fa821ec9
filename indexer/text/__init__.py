"""Text to tokens: the one analysis that index, query and snippets share.

analyzer           text to tokens: folded words, each with its term
sentences          text to the spans of its sentences
openings           a sentence to whether a quotation can begin with it
stemming           a folded word to its term
spelling_variants  British spellings and classical plurals to the American singular
title_case         a title in capitals to sentence case
readability        a text to the school grade of its readers
nltk_imports       NLTK without scipy, so that it is imported in a quarter of the time
"""
