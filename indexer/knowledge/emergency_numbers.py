"""The text of CONDITIONS_EMERGENCY to the numbers that a reader should call, by the languages that the reader prefers.

One number serves everybody ("112"), or each locale has its own, with a crisis line after a comma where there is one:

    en-US=911, 988; en-GB=999, 116 123; de=112; 112

A locale with a country is for readers of just that locale: "en" alone says nothing about where somebody is. One
without a country is for its readers everywhere. What has no locale is for all others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from indexer.errors import SourceError
from indexer.settings import EMERGENCY_NUMBER

VARIABLE: Final = "CONDITIONS_EMERGENCY"
MAX_NUMBER: Final = 80  # code points, which a page shows in one line


class EmergencyNumber(NamedTuple):
    """What a notice says to call, as it is shown; no crisis line where none is set."""

    number: str = EMERGENCY_NUMBER
    crisis_line: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """The number of each locale (in lower case), and the one for all others."""

    default: EmergencyNumber = field(default_factory=EmergencyNumber)
    by_locale: Mapping[str, EmergencyNumber] = field(default_factory=dict)

    @classmethod
    def parse(cls, setting: str) -> Self:
        """The numbers of the setting. Raises SourceError for one that is not written as this module says."""
        default = EmergencyNumber()
        by_locale: dict[str, EmergencyNumber] = {}
        for entry in filter(None, (entry.strip() for entry in setting.split(";"))):
            locale, has_locale, written = entry.rpartition("=")
            number, _, crisis_line = (part.strip() for part in written.partition(","))
            if not number or len(written) > MAX_NUMBER or (has_locale and not locale.strip()):
                raise SourceError(VARIABLE, f"cannot use “{entry}”; write 112, or en-US=911, 988; en-GB=999; 112")
            each = EmergencyNumber(number, crisis_line)
            if has_locale:
                by_locale[_normal(locale)] = each
            else:
                default = each
        return cls(default, by_locale)

    def of(self, languages: Iterable[str]) -> EmergencyNumber:
        """The number for a reader of these languages, the most preferred first."""
        for language in map(_normal, languages):
            for locale in (language, language.partition("-")[0]):
                if locale in self.by_locale:
                    return self.by_locale[locale]
        return self.default


def _normal(locale: str) -> str:
    return locale.strip().lower().replace("_", "-")
