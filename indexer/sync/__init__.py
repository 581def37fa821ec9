"""The journey in: sources to Articles to Documents, and only what changed."""
