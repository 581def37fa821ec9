"""Errors to exit codes: the one table, and the one line that the shell prints.

0  done        1  done, but some articles failed (each is named)        2  a usage or index error
"""

import os
import sys
from typing import Final

import click

from indexer import errors

DONE: Final = 0
ARTICLES_FAILED: Final = 1
ERROR: Final = 2  # click exits with it too, where a command is used wrongly

EXIT_CODES: Final[dict[type[errors.ConditionSearchError], int]] = {errors.ConditionSearchError: ERROR}


class CommandError(click.ClickException):
    """What a command cannot do, in one line that ends with what fixes it."""

    exit_code = ERROR


def run(command: click.Group) -> None:
    """Runs the command and exits; an error of the library is one line on standard error, never a traceback."""
    try:
        command.main(prog_name="conditions", standalone_mode=True)
    except errors.ConditionSearchError as error:
        click.echo(f"conditions: {error}", err=True)
        sys.exit(next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES))
    except BrokenPipeError:
        # The reader (`head`, a pager) has closed the pipe; without this, Python fails again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
