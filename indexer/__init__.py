"""Condition Search: raw condition articles to a searchable library."""
