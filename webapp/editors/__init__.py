"""The library to those who look after it: what is new or read wrong, raw texts beside their reading, and changes.

A room of its own: without this package, templates/library, style/library.css and its line in webapp/app.py, the site
can only be read.

access             requests to those of an editor
desk               the application to what its editors' pages and API need
library_pages      lists of articles, an article's raw text beside its reading, forms to change it
writing_api        PUT and DELETE of articles, and their raw texts, for programs
api_description    the writing API to its part of the description of the API
article_lists      the record of syncs and the checked documents to the lists that are shown
"""
