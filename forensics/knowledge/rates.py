"""Reference rates: how often a rule fires, per bin, on genuine items of reference corpora.

The tables are counts, not rates, so that corpora can be added and a confidence bound taken where it is used. Each rule
has its own, ``counts/RULE.csv``; one that has none is not counted yet and makes nothing above context.
"""

import csv
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from forensics.errors import KnowledgeError

ANY = "any"
ERAS = frozenset({"before2010", "from2010", ANY})
"""By the year of server time (the item's own modified time for documents); ``any`` where a corpus spans both."""

ROUTES = frozenset({"list", "direct", "exported", "bulk", "unsolicited", ANY})
"""How a mail came, ``exported`` for mail without a server's trace; ``any`` for documents, images and archives, and for
corpora that mix."""


EXPORTED = "exported"
UNSOLICITED = "unsolicited"
"""Route class of spam and phishing: rates from spam corpora, used for such items only."""


class RateRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One count: *hits* of *n* powered genuine items of a corpus showed this bin of this rule."""

    rule: str
    version: int
    bin: str
    corpus: str
    """Name as the report shows it: ``L2 usrp-users``."""
    era: str
    """``before2010``, ``from2010`` or ``any``."""
    route: str
    """``list``, ``direct``, ``exported``, ``bulk``, ``unsolicited`` or ``any``."""
    hits: int
    n: int
    series: int | None = None
    """Different senders of the hits, since one sender's habit seen on forty mails is one; ``None``: not counted."""
    series_n: int | None = None
    """Different senders of the powered items."""
    items: str = ""
    """First 16 hex digits of SHA-256 over the sorted digests of the corpus's items; empty: not kept when counted."""


def _tables() -> Traversable:
    return resources.files(__package__).joinpath("counts")


@cache
def rates() -> tuple[RateRow, ...]:
    """Return all rows, by rule, in the order of each table.

    Raises:
        KnowledgeError: as `_counted`.
    """
    rules = sorted(table.name.removesuffix(".csv") for table in _tables().iterdir())
    return tuple([row for rule in rules for row in _counted(rule)])


@cache
def _counted(rule: str) -> tuple[RateRow, ...]:
    """Return the rows of one rule in the order of its table; empty where nothing was counted.

    Raises:
        KnowledgeError: a row is malformed, counts more hits than items, or stands twice.
    """
    table = _tables().joinpath(f"{rule}.csv")
    text = table.read_text(encoding="utf-8") if table.is_file() else ""
    found: list[RateRow] = []
    seen: set[tuple[object, ...]] = set()
    for number, record in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            known = {name: text for name, text in record.items() if text or not name.startswith("series")}
            row = msgspec.convert({"rule": rule, **known}, RateRow, strict=False)
        except msgspec.ValidationError as wrong:
            raise KnowledgeError(f"{table.name} line {number}: {wrong}") from wrong
        key = (row.version, row.bin, row.corpus, row.era, row.route)
        if not 0 <= row.hits <= row.n or row.n == 0 or row.era not in ERAS or row.route not in ROUTES or key in seen:
            raise KnowledgeError(f"{table.name} line {number}: impossible count, unknown era or route, or a second row")
        seen.add(key)
        found.append(row)
    return tuple(found)


@cache
def rates_of(rule: str, version: int) -> tuple[RateRow, ...]:
    """Return the rows of one rule version; empty where nothing was counted."""
    return tuple([row for row in _counted(rule) if row.version == version])


def rates_without(left_out: Sequence[str]) -> Callable[[str, int], tuple[RateRow, ...]]:
    """Return a lookup like `rates_of` that leaves out some corpora, and all that hold mail of the same source.

    Raises:
        KnowledgeError: no such corpus.
    """
    if unknown := set(left_out) - set(described()):
        raise KnowledgeError(f"no reference corpus {', '.join(sorted(unknown))}")
    away = gone(left_out)

    def rows_of(rule: str, version: int) -> tuple[RateRow, ...]:
        return tuple([row for row in rates_of(rule, version) if row.corpus not in away])

    return rows_of


@cache
def shaped_on(rule: str, bin_name: str) -> frozenset[str]:
    """Return the corpora on whose mails the edges of a bin were chosen, and those of the same source.

    They count for no rate of that bin: what a bin was cut to fit says nothing on how often it misfires.
    """
    shaped = _described()["shaped"]
    return frozenset(
        [name for one in shaped.get(f"{rule} {bin_name}", shaped.get(rule, ())) for name in same_source(one)]
    )


@cache
def not_counted(rule: str, bin_name: str) -> frozenset[str]:
    """Return the routes on whose mail a rule never gives a bin: a count of none would say nothing, and is not kept."""
    return frozenset(_described()["not_counted"].get(f"{rule} {bin_name}", ()))


@cache
def counted_on(rule: str, bin_name: str) -> frozenset[str] | None:
    """Return the extensions of the files that are counted for a bin when files are counted; ``None``: all."""
    wanted = _described()["counted_on"]
    found = wanted.get(f"{rule} {bin_name}", wanted.get(rule))
    return None if found is None else frozenset(found)


@cache
def same_source(corpus: str) -> frozenset[str]:
    """Return a corpus and those that were drawn from the same mail as it: they are never counted together."""
    found = {corpus}
    for group in _described()["same_source"]:
        if corpus in group:
            found.update(group)
    return frozenset(found)


def gone(left_out: Iterable[str]) -> frozenset[str]:
    """Return corpora with all that hold mail of the same source, other mails of it among them."""
    found = {name for one in left_out for name in same_source(one)}
    parts = {group[0] for group in _described()["left_out_together"] if found.intersection(group)}
    return frozenset(found | parts)


@cache
def counted_by_route(left_out: tuple[str, ...] = ()) -> dict[str, int]:
    """Return how many genuine mails were counted of each route; of corpora of one source the largest only.

    Args:
        left_out: corpora that are not used, with all that hold mail of the same source.
    """
    away = gone(left_out)
    rows: dict[tuple[str, str, str, str], int] = {}
    for row in rates():
        if row.rule.startswith("mail.") and row.route not in (UNSOLICITED, ANY) and row.corpus not in away:
            key = (row.route, row.corpus, row.rule, row.bin)
            rows[key] = rows.get(key, 0) + row.n
    mails: dict[tuple[str, str], int] = {}
    for (route, corpus, _, _), n in rows.items():
        mails[route, corpus] = max(n, mails.get((route, corpus), 0))
    counted: dict[str, int] = {}
    for (route, corpus), n in sorted(mails.items()):
        if (n, corpus) == max((mails.get((route, one), 0), one) for one in same_source(corpus)):
            counted[route] = counted.get(route, 0) + n
    return counted


@cache
def _described() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("rates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def described() -> dict[str, str]:
    """Return what each reference corpus is and what limits it, by name."""
    sentences: dict[str, str] = _described()["corpora"]
    return sentences


@cache
def corpora(left_out: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the reference corpora with their limits, a sentence each, by name.

    Args:
        left_out: corpora that are not used, with all that hold mail of the same source.

    Raises:
        KnowledgeError: a row names a corpus that is not described.
    """
    away = gone(left_out)
    sentences = described()
    if missing := {row.corpus for row in rates()} - set(sentences):
        raise KnowledgeError(f"rates.toml describes no corpus {sorted(missing)}")
    return tuple([f"{name}: {sentence}" for name, sentence in sorted(sentences.items()) if name not in away])
