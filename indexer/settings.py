"""Environment variables to Settings: where things are and whom to call; read only by the command and by create_app."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

EMERGENCY_NUMBER: Final = "your local emergency number"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index and the corpus are: each from an environment variable, with a default for a fresh clone.

    `index` is a folder or a URL (CONDITIONS_INDEX), `corpus` a folder of raw articles (CONDITIONS_CORPUS), `thesaurus`
    a TOML file of synonyms (CONDITIONS_THESAURUS). `emergency` is what a notice says to call, for all or by locale
    (CONDITIONS_EMERGENCY, see `indexer.knowledge.emergency_numbers`). `token` is what an editor shows to be let in
    (CONDITIONS_TOKEN); `count_queries` says whether queries without results are counted (CONDITIONS_COUNT_QUERIES=1);
    `watched` whether another process indexes what changes in the corpus, which only `serve --watch` says. `hosts` are
    the names of the site, `proxies` the addresses of what may speak for a client, both with commas between them;
    `prefix` is the path that the site stands below, `metrics` the address and port of its counters where they have
    one of their own (CONDITIONS_HOSTS, _PROXIES, _PREFIX, _METRICS; see `webapp.door`, `webapp.server`).
    """

    index: str = "var/index"
    corpus: Path = Path("corpus")
    thesaurus: Path | None = None
    emergency: str = EMERGENCY_NUMBER
    token: str | None = field(default=None, repr=False)
    count_queries: bool = False
    watched: bool = False
    hosts: str = ""
    proxies: str = ""
    prefix: str = ""
    metrics: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from variables; an empty variable counts as not set."""
        thesaurus = environment.get("CONDITIONS_THESAURUS")
        return cls(
            index=environment.get("CONDITIONS_INDEX") or "var/index",
            corpus=Path(environment.get("CONDITIONS_CORPUS") or "corpus"),
            thesaurus=Path(thesaurus) if thesaurus else None,
            emergency=environment.get("CONDITIONS_EMERGENCY") or EMERGENCY_NUMBER,
            token=environment.get("CONDITIONS_TOKEN") or None,
            count_queries=environment.get("CONDITIONS_COUNT_QUERIES") == "1",
            hosts=environment.get("CONDITIONS_HOSTS", ""),
            proxies=environment.get("CONDITIONS_PROXIES", ""),
            prefix=environment.get("CONDITIONS_PREFIX", ""),
            metrics=environment.get("CONDITIONS_METRICS", ""),
        )
