"""Text to Query: nodes, lexer, parser."""
