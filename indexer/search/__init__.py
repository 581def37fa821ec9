"""The journey out: words to Query, Query to Matches, Matches to Results."""
