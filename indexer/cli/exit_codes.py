"""Errors to exit codes: the one table, and the one line that a reader sees.

0  done        1  done, with articles that failed (each named)        2  a usage or index error
"""

import os
import sys
from typing import Final

import click

from indexer import errors

EXIT_CODES: Final[dict[type[errors.ConditionSearchError], int]] = {errors.ConditionSearchError: 2}


def run(command: click.Group) -> None:
    """Run the command and exit; an error of the library is one line on standard error, never a traceback."""
    try:
        command.main(prog_name="conditions", standalone_mode=True)
    except errors.ConditionSearchError as error:
        click.echo(f"conditions: {error}", err=True)
        code = next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)
        sys.exit(code)
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough; Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
