"""One address of every kind of page, in every state that looks different: for what must hold on all of them."""

from typing import Final

PAGES: Final = (
    "/",
    "/search?q=autoimmune+bone+inflammation&site=hand",
    "/search?q=bone+pain&explain=1",
    "/search?q=what+causes+gout",
    "/search?q=zebrafish",
    "/search?q=chest+pain+and+I+cannot+breathe",
    "/search",
    "/search?page=0",
    "/articles/cmo/right-hand",
    "/articles/cmo/right-hand?q=bone+aches",
    "/conditions/chronic-multifocal-osteomyelitis",
    "/browse",
    "/browse/c",
    "/compare",
    "/compare?id=cmo/right-hand",
    "/compare?id=cmo/right-hand&id=gout/right-knee&id=ulcer&id=asthma",
    "/library",
    "/library/lists/weak",
    "/library/lists/all?q=osteomielitis",
    "/library/articles/cmo/right-hand",
    "/library/new",
    "/about",
    "/api",
    "/codes",
    "/codes/M86.352",
    "/codes/S52.53",
    "/codes/M86.357",
)
