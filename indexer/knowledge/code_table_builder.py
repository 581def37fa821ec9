"""The tables of `simple_icd_10_cm` to icd10_table.tsv, which all other code reads.

    python -m indexer.knowledge.code_table_builder

writes the file anew; a test fails where it differs from what the installed release gives. Each half-year a release
with a new table appears: raise its version in pyproject.toml and run this. White space in titles and notes becomes
single spaces, and a block of one category that has the category's code becomes one row with it.
"""

import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from indexer.knowledge.code_table import TABLE_FILE

_HEADER: Final = """\
# ICD-10-CM, tabular list of {release}; National Center for Health Statistics (CDC), in the public domain.
# Made by code_table_builder.py from simple-icd-10-cm {version} (MIT). A line has a code, in the order of the book; its
# level, 0 for a chapter; its title, of a code that a seventh character extends only what that adds; and its notes.
"""


def rows() -> Iterator[str]:
    """The lines of the table, in its order."""
    import simple_icd_10_cm as table

    every: list[str] = table.get_all_codes(True)
    for code in dict.fromkeys(every):
        title, added = table.get_description(code), ""
        if table.is_extended_subcategory(code):
            added = title[len(table.get_description(table.get_parent(code))) :]
        level = len(set(table.get_ancestors(code)) - {code})
        notes = dict.fromkeys(note for as_block in (True, False) for note in _notes(code, as_block=as_block))
        yield "\t".join((code, str(level), _spaced(added or title), *(f"{kind}: {text}" for kind, text in notes)))


def _notes(code: str, *, as_block: bool) -> Iterator[tuple[str, str]]:
    """The notes of a code with their kinds; `as_block`: those of the block that has the code, where there is one."""
    import simple_icd_10_cm as table

    for kind, notes in (
        ("includes", table.get_includes(code, as_block)),
        ("inclusion term", table.get_inclusion_term(code, as_block)),
        ("code first", table.get_code_first(code, prioritize_blocks=as_block).split("\n")),
        ("use additional code", table.get_use_additional_code(code, prioritize_blocks=as_block).split("\n")),
        ("code also", table.get_code_also(code, prioritize_blocks=as_block).split("\n")),
        ("excludes1", table.get_excludes1(code, as_block)),
        ("excludes2", table.get_excludes2(code, as_block)),
        ("note", table.get_notes(code, prioritize_blocks=as_block).split("\n")),
        ("seventh character", table.get_seven_chr_note(code, prioritize_blocks=as_block).split("\n")),
    ):
        yield from ((kind, text) for note in notes if (text := _spaced(note).lstrip(", ")))


def _spaced(text: str) -> str:
    """The text with single spaces, also around a slash between two names."""
    return " ".join(text.replace("/\t", " / ").split())


def source() -> str:
    """The name of the file that the rows come from: "icd10c-tabular-April-1-2026.xml"."""
    return next(file.name for file in files("simple_icd_10_cm.data").iterdir() if file.name.endswith(".xml"))


def write(target: Path = TABLE_FILE) -> None:
    """Write the file."""
    month, day, year = re.findall(r"\w+", source().removeprefix("icd10c-tabular-").removesuffix(".xml"))
    header = _HEADER.format(release=f"{month} {day}, {year}", version=version("simple-icd-10-cm"))
    target.write_text(header + "".join(f"{row}\n" for row in rows()), "utf-8")


if __name__ == "__main__":
    write()
