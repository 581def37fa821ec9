"""Errors to exit codes: the one table, and the one line that the shell prints.

0  done        1  done, but some articles failed (each is named)        2  a usage or index error
"""

import io
import os
import sys
from typing import Final

import click

from indexer import errors
from indexer.printable import printable, printable_lines

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
        sys.exit(command.main(prog_name="conditions", standalone_mode=False))
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)  # repeats arguments, which may be names of files that a shell found
        click.echo(printable_lines(shown.getvalue()), nl=False, err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Aborted.", err=True)
        sys.exit(ARTICLES_FAILED)
    except errors.ConditionSearchError as error:
        click.echo(f"conditions: {printable(str(error))}", err=True)
        sys.exit(next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES))
    except BrokenPipeError:
        # The reader (`head`, a pager) has closed the pipe; without this, Python fails again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
