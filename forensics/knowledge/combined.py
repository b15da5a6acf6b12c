"""How often moderate findings of independent owners meet on genuine items: one pooled count of each number of owners.

``combined.csv`` says how many mails of each corpus and route were counted, ``combined_met.csv`` has a row for each of
them on which two rules met at moderate or above. `forensics measure` counts both, each list with the rates of the
others, and ``combined.toml`` says what they are. Rows of the route ``any`` are of documents and archives: files in the
place of mails, and owners of files in the place of senders.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import combinations
from typing import TypeVar

import msgspec

from forensics.errors import KnowledgeError
from forensics.knowledge.rates import ANY, EXPORTED, ROUTES, UNSOLICITED, described, gone, same_source

MOST = 3
"""Owners that are counted apart: three stand for three or more."""
TOGETHER = 3
"""Clean mails on which two rules must have met to be one owner from then on."""
NAMES = 12
"""Rules of one mail among which independent ones are looked for."""

Pair = tuple[str, str]
"""Two rules, in order."""
_Row = TypeVar("_Row", bound=msgspec.Struct)


class CountedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many mails of a corpus came by a route."""

    corpus: str
    route: str
    mails: int
    senders: int
    strong: int
    """Those that a single finding accuses at strong."""
    items: str
    """First 16 hex digits of SHA-256 over the sorted digests of all mails of the corpus."""


class MeetingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clean mail on which findings of two rules or more are moderate or above."""

    corpus: str
    route: str
    mail: str
    """First 16 hex digits of its SHA-256."""
    sender: int
    """Number of its sender among those of the corpus's rows."""
    met: str
    """The rules, a space between them."""
    apart: str
    """Pairs of them that share no fact that they accuse or read, and no open cause: ``a+b``, a space between them."""

    @property
    def pairs(self) -> frozenset[Pair]:
        """The pairs that share nothing."""
        return frozenset([pair(*one.split("+")) for one in self.apart.split()])


class Pooled(msgspec.Struct, frozen=True, kw_only=True):
    """On how many genuine mails a number of owners met."""

    hits: int
    n: int
    series: int
    """Different senders of the hits, summed over corpora."""
    corpora: tuple[str, ...]
    routes: tuple[str, ...]
    worst: float
    """The largest share of one corpus's mails that are strong so, or by a single finding."""


def pair(one: str, other: str) -> Pair:
    """Return two rules in order."""
    return (one, other) if one <= other else (other, one)


def independent(apart: Iterable[Pair], order: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the most rules of which every two are apart; empty where no two are.

    Args:
        apart: pairs that share nothing.
        order: rules to prefer, best first; the others follow by name.
    """
    pairs = frozenset(apart)
    known = dict.fromkeys([*order, *sorted({name for one in pairs for name in one})])
    names = [name for name in known if any(name in one for one in pairs)][:NAMES]
    for number in range(len(names), 1, -1):
        for chosen in combinations(names, number):
            if all(pair(*two) in pairs for two in combinations(chosen, 2)):
                return chosen
    return ()


@cache
def counted() -> tuple[CountedRow, ...]:
    """Return the counted mails by corpus and route.

    Raises:
        KnowledgeError: a row is malformed, or two corpora hold mail of the same source.
    """
    rows = _rows("combined.csv", CountedRow)
    corpora = {row.corpus for row in rows}
    for row in rows:
        if not 0 <= row.strong <= row.mails or not 0 < row.senders <= row.mails or row.route not in ROUTES:
            raise KnowledgeError(f"combined.csv: impossible count or unknown route of {row.corpus}")
        if len(same_source(row.corpus) & corpora) > 1:
            raise KnowledgeError(f"combined.csv: {row.corpus} is counted together with mail of the same source")
    if len({(row.corpus, row.route) for row in rows}) < len(rows):
        raise KnowledgeError("combined.csv: a corpus and route stand twice")
    if missing := corpora - set(described()):
        raise KnowledgeError(f"rates.toml describes no corpus {sorted(missing)}")
    return rows


@cache
def meetings() -> tuple[MeetingRow, ...]:
    """Return the mails on which rules met.

    Raises:
        KnowledgeError: a row is malformed, of a corpus that was not counted, or stands twice.
    """
    rows = _rows("combined_met.csv", MeetingRow)
    known = {(row.corpus, row.route) for row in counted()}
    for row in rows:
        met = set(row.met.split())
        well = len(met) > 1 and all(len(set(one.split("+"))) == 2 for one in row.apart.split())
        if not well or any(name not in met for two in row.pairs for name in two):
            raise KnowledgeError(f"combined_met.csv: {row.mail}: rules that are apart did not meet")
        if (row.corpus, row.route) not in known:
            raise KnowledgeError(f"combined_met.csv: {row.mail}: {row.corpus} has no {row.route} mail")
    if len({(row.corpus, row.mail) for row in rows}) < len(rows):
        raise KnowledgeError("combined_met.csv: a mail stands twice")
    return rows


@cache
def together(left_out: tuple[str, ...] = ()) -> frozenset[Pair]:
    """Return the pairs of rules that met on three clean mails or more: each is one owner."""
    away = gone(left_out)
    met = Counter(
        [two for row in meetings() if row.corpus not in away for two in combinations(sorted(set(row.met.split())), 2)]
    )
    return frozenset([two for two, mails in met.items() if mails >= TOGETHER])


@cache
def pooled(owners: int, route: str, left_out: tuple[str, ...] = ()) -> Pooled | None:
    """Return on how many genuine mails so many owners met.

    Args:
        owners: 2, or 3 for three or more.
        route: of the mail in question, ``any`` of what is no mail; files count for these only, and mail without trace
            fields for its own kind only, for it lacks most of what rules look at.
        left_out: corpora that are not used, with all that hold mail of the same source.

    Returns:
        ``None`` where nothing was counted.
    """
    away = gone(left_out)
    of_route = [row for row in counted() if row.route != UNSOLICITED and _serves(row.route, route)]
    used = [row for row in of_route if row.corpus not in away]
    if not used:
        return None
    places = {(row.corpus, row.route) for row in used}
    one = together(left_out)
    hits = [row for row in meetings() if (row.corpus, row.route) in places and _owners(row, one) >= owners]
    corpora = sorted({row.corpus for row in used})
    return Pooled(
        hits=len(hits),
        n=sum([row.mails for row in used]),
        series=len({(row.corpus, row.sender) for row in hits}),
        corpora=tuple(corpora),
        routes=tuple(sorted({row.route for row in used})),
        worst=max([_share(name, used, hits) for name in corpora]),
    )


def _serves(counted_route: str, route: str) -> bool:
    if ANY in (counted_route, route):
        return counted_route == route
    return counted_route != EXPORTED or route == EXPORTED


def _owners(row: MeetingRow, one: frozenset[Pair]) -> int:
    return len(independent(row.pairs - one))


def _share(corpus: str, used: Sequence[CountedRow], hits: Sequence[MeetingRow]) -> float:
    of_corpus = [row for row in used if row.corpus == corpus]
    accused = sum([row.strong for row in of_corpus]) + sum([row.corpus == corpus for row in hits])
    return accused / sum([row.mails for row in of_corpus])


def _rows(name: str, kind: type[_Row]) -> tuple[_Row, ...]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    found = []
    for number, record in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            found.append(msgspec.convert(record, kind, strict=False))
        except msgspec.ValidationError as wrong:
            raise KnowledgeError(f"{name} line {number}: {wrong}") from wrong
    return tuple(found)
