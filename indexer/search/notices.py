"""The text of a query to the notice that stands above its results, where it tells of an emergency."""

import re
from typing import Final

from indexer.knowledge.emergencies import emergency_table
from indexer.knowledge.emergency_numbers import EmergencyNumber
from indexer.results import Notice

_DIALLED: Final = re.compile(r"\+?[0-9][0-9 ()-]*")


def build_notice(text: str, number: EmergencyNumber) -> Notice | None:
    """What a reader is told who typed the text, with the number to call."""
    table = emergency_table()
    emergency = table.find(text)
    if emergency is None:
        return None
    words = table.notices[emergency.kind]
    crisis_line = f"the crisis line {number.crisis_line}" if number.crisis_line else "a crisis line"
    named = (number.crisis_line, number.number) if "{crisis_line}" in words.text else (number.number,)
    return Notice(
        emergency.kind,
        words.heading,
        words.text.format(number=number.number, crisis_line=crisis_line),
        tuple(filter(_DIALLED.fullmatch, named)),
    )
