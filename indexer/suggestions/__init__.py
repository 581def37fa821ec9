"""The beginning of a name to the names that it may become.

names      the names of one snapshot, in a few pieces of memory
completer  a typed beginning to names
"""
