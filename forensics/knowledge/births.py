"""When things that mail shows came into the world: fields, programs, builds, selectors, domains, characters.

Days are whole days since 1970 UTC. Each table is read on first use; ``births.toml`` says where it comes from.
"""

import csv
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

FIRM_FIELDS = frozenset(
    {
        "x-gm-message-state",
        "x-google-dkim-signature",
        "x-google-smtp-source",
        "x-gm-gg",
        "x-gm-features",
        "x-ms-exchange-crosstenant-originalarrivaltime",
        "x-ms-exchange-senderadcheck",
        "x-ms-exchange-antispam-messagedata",
        "x-ms-exchange-antispam-messagedata-0",
    }
)
"""Fields of Google and Microsoft, seen in thousands of mails, whose first sightings are firm (knowledge base D-28)."""
OTHER_FIELDS = frozenset(("domainkey-signature", "dkim-signature", "authentication-results"))
"""Fields of specifications, seen as soon as they were drafted. Others reached the archives years after their birth."""
CHARACTERS = {
    0x20BF: "2017-06-20",
    0x20BD: "2014-06-16",
    0x20BA: "2012-09-26",
    0x1E9E: "2008-04-04",
    0x20B9: "2010-10-11",
}
"""Signs that are no emoji, and the release of Unicode that brought them (knowledge base D-25)."""


WORDS = {
    b"gmail_quote_container": "2024-01-01",
    b"font-family:Aptos": "2023-05-01",
    b"urldefense.com/v3/": "2019-06-01",
    b"gmail_attr": "2018-01-01",
    b"meet.google.com/": "2017-01-01",
    b"teams.microsoft.com/l/meetup-join": "2016-11-01",
    b".safelinks.protection.outlook.com/": "2015-06-01",
    b"//1drv.ms/": "2014-01-01",
    b"urldefense.proofpoint.com/v2/": "2014-01-01",
    b"moz-cite-prefix": "2012-01-01",
}
"""Words that one program or service writes, and the year's beginning from which it did (knowledge base 2.5, D-26: from
general knowledge, not measured)."""


_SHARED = (".com/", "gmail_")
"""Pieces that several of them share: a text that lacks one need not be searched for those."""

TRACE_WORDS = {b"TLS1_3": "2017-01-01", b"TLSv1.3": "2017-01-01"}
"""Words of trace fields, and the year from which servers can have written them: drafts of TLS 1.3 ran at Google from
2017, the standard is of August 2018 (knowledge base F-20)."""


class Window(NamedTuple):
    """Days in which something was seen."""

    first: int
    last: int
    n: int


def day_of(text: str) -> int:
    """Return the days since 1970 of an ISO date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows


@cache
def field_births() -> Mapping[str, int]:
    """Lower-case field name to the day of its first sighting."""
    return {name: day_of(first) for name, first, _ in _rows("field_births")}


@cache
def program_births() -> Mapping[tuple[str, str], int]:
    """Word that a mail shows (``Thunderbird``) and version to the day of release."""
    return {(word, version): day_of(released) for word, version, released in _rows("program_births")}


@cache
def client_sightings() -> Mapping[str, int]:
    """User-Agent or X-Mailer, whole, to the day of its first sighting."""
    return {client: day_of(first) for client, first, _ in _rows("client_sightings")}


ROTATED = frozenset(("gmail.com", "google.com", "googlemail.com"))
"""Signers whose selectors begin and end on one day, the same for all three (knowledge base D-27)."""


@cache
def selector_windows() -> Mapping[tuple[str, str], Window]:
    """Signing domain and selector, lower case, to the days on which mail carried it; those of `ROTATED` united."""
    found: dict[tuple[str, str], Window] = {}
    for domain, selector, first, last, n in _rows("selector_windows"):
        window = Window(day_of(first), day_of(last), int(n))
        # Google's customers get the same selectors, and showed the last change two weeks before Google's own domains.
        google = domain in ROTATED or domain.endswith(".gappssmtp.com")
        for name in {*(ROTATED if google else ()), domain.lower()}:
            old = found.get((name, selector.lower()), window._replace(n=0))
            united = Window(min(old.first, window.first), max(old.last, window.last), old.n + window.n)
            found[name, selector.lower()] = united
    return found


@cache
def tld_births() -> Mapping[str, int]:
    """Top-level domain, lower case, to the day of its delegation; those before 2013 are absent."""
    return {tld: day_of(delegated) for tld, delegated in _rows("tld_births")}


@cache
def character_births() -> Mapping[int, int]:
    """Code point to the day of the release that brought it; only emoji and `CHARACTERS`."""
    found = {int(point, 16): day_of(released) for point, released in _rows("emoji_births")}
    return found | {point: day_of(released) for point, released in CHARACTERS.items()}


@cache
def word_births() -> Mapping[bytes, int]:
    """Word of `WORDS` to the day before which no mail can have it."""
    return {word: day_of(first) for word, first in WORDS.items()}


def words_in(text: str) -> list[tuple[str, int]]:
    """Return the words of `WORDS` that a text has, each with the day before which no mail can have it."""
    lacking = tuple([piece for piece in _SHARED if piece not in text])
    return [(word, born) for word, born in _words_without(lacking) if word in text]


@cache
def _words_without(pieces: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    words = [(word.decode("ascii"), born) for word, born in word_births().items()]
    return tuple([(word, born) for word, born in words if not any(piece in word for piece in pieces)])


@cache
def trace_births() -> Mapping[bytes, int]:
    """Word of `TRACE_WORDS` to the day before which no server can have written it."""
    return {word: day_of(first) for word, first in TRACE_WORDS.items()}


LEAST_HOPS = 10
"""Sightings of a build that bound its neighbours."""


@cache
def _exchange_online() -> tuple[tuple[int, ...], tuple[Window, ...]]:
    rows = list(_rows("exchange_online"))
    windows = tuple([Window(day_of(first), day_of(last), int(n)) for _, first, _, last, n in rows])
    return tuple([int(build) for build, *_ in rows]), windows


@lru_cache(4096)
def exchange_online(build: int) -> Window | None:
    """Return the days in which a build ``15.20.N`` ran, as its nearest neighbours of at least ten sightings bound them.

    Measured: of 407 builds the median day rises with N in all but six places, and a build lives about 18 days.

    Returns:
        First day of the older neighbours and last day of the newer ones; None outside the table.
    """
    builds, windows = _exchange_online()
    place = bisect_left(builds, build)
    older = [window for window in windows[max(0, place - 12) : place + 1] if window.n >= LEAST_HOPS][-3:]
    newer = [window for window in windows[place : place + 12] if window.n >= LEAST_HOPS][:3]
    if not older or not newer or place == len(builds):
        return None
    both = (*older, *newer)
    return Window(min([one.first for one in both]), max([one.last for one in both]), sum([one.n for one in both]))
