"""The `conditions` command: words of the shell to calls of the library, and errors to exit codes."""

from indexer.cli.commands import conditions
from indexer.cli.exit_codes import run

__all__ = ["conditions", "run"]
