"""The `conditions` command: words of the shell to calls of the library, answers to lines on a terminal or JSON.

commands     the commands and their options
output       answers to what a terminal shows
exit_codes   errors to exit codes
"""

from indexer.cli.commands import conditions
from indexer.cli.exit_codes import run

__all__ = ["conditions", "run"]
