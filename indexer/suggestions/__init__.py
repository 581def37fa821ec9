"""Names for what was typed: the beginning of a name to the names it may become, a misspelled name to the nearest.

name_table   the names of one snapshot, in a few arrays
completer    a typed beginning to names
alphabetical_index  the names from A to Z, other names with "see" the condition
name_finder  a misspelled name to the names most like it
"""
