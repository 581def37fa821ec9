"""Raw files to articles."""
