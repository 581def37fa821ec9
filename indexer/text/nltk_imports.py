"""Imports from NLTK in a quarter of the time, where scipy is installed too."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_scipy() -> Iterator[None]:
    """Hide scipy from an import of NLTK, which then leaves out a significance test that nothing here uses.

    Importing scipy.stats for that test takes three quarters of the time that NLTK takes. Does nothing once either of
    them has been imported.
    """
    if "nltk" in sys.modules or "scipy" in sys.modules:
        yield
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]  # the import system reads None as "not installed"
    try:
        yield
    finally:
        del sys.modules["scipy"]
