"""Trace fields: ``Received`` taken apart, for every mail server's dialect.

The clauses stand in any order and some servers write others, so clauses are found by their words outside comments; what
stands between two of them belongs to the first. Nothing is dropped: a field that fits no grammar still has its date,
wherever it stands, and one into which several were folded gives each of its hops.

Source: RFC 5321 4.4, RFC 822 4.3.2; dialects of sendmail, Postfix, Exim, qmail, Exchange, Gmail, ZMailer.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from forensics.model.facts import Absence
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.words import unfold

MAX_BYTES = 100_000
"""Bytes of one field that are interpreted."""


class Clauses(msgspec.Struct, frozen=True, gc=False):
    """Clauses as written, unfolded; empty if absent."""

    from_: str = ""
    by: str = ""
    via: str = ""
    with_: str = ""
    id: str = ""
    for_: str = ""
    date: tuple[int, int] | None = None
    """Range of the date text in the field body."""
    folded: bool = False
    """Whether several hops stand here that cannot be told apart: no date is read then, for it may be any of theirs."""


_C = rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\([^()]*+\))*+\))*+\)"
_W = rb"[^\s();]++"
_NOT = rb"\s++(?!(?:from|by|via|with|id|for)\s)" + _W
_VIA = rb"(?:via\s++(" + _W + rb"(?:" + _NOT + rb")*+(?:\s*+" + _C + rb")*+)\s*+)?"
_COMMON = re.compile(
    rb"\s*+(?:(" + _C + rb")\s*+)?"
    rb"(?:from\s++(" + _W + rb"(?:\s*+" + _C + rb")*+)\s*+)?"
    rb"(?:by\s++(" + _W + rb")(?:\s*+" + _C + rb")*+\s*+)?" + _VIA + rb"(?:with\s++(" + _W + rb"(?:" + _NOT + rb")*+"
    rb"(?:\s*+" + _C + rb")*+)\s*+)?"
    rb"(?:id\s++(" + _W + rb")(?:\s*+" + _C + rb")*+\s*+)?" + _VIA + rb"(?:for\s++(" + _W + rb")"
    rb"(?:\s*+" + _C + rb")*+\s*+)?;",
    re.DOTALL | re.IGNORECASE,
)
_TOKEN = re.compile(rb"(;)|([^\s();\"\\]++)|([()])|\s++|\"(?:[^\"\\]++|\\.)*+\"|\\?.", re.DOTALL)
_WORDS = {b"from": 0, b"by": 1, b"via": 2, b"with": 3, b"id": 4, b"for": 5}
_LOCAL = re.compile(rb"\s*(\(from [^()]*\))")
_DAY_FIRST = rb"(?:[A-Z][a-z][a-z],?\s{1,12})?\d{1,2}\s{1,12}[A-Z][a-z][a-z]\s{1,12}\d{4}\s{1,12}"
_MONTH_FIRST = rb"[A-Z][a-z][a-z]\s{1,12}[A-Z][a-z][a-z]\s{1,12}\d{1,2}\s{1,12}(?=[\d:]{8} (?:19|20)\d\d\b)"
_YEAR_FIRST = rb"\d{4}-\d\d-\d\d[T ]"
_DATE_LIKE = re.compile(
    rb"(?<![\w:+-])(?:" + _DAY_FIRST + rb"|" + _MONTH_FIRST + rb"|" + _YEAR_FIRST + rb")"
    rb"\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: (?:19|20)\d\d\b)?(?:\s{0,12}(?:[+-]\d{4}|Z)\b)?"
    rb"(?:\s{1,12}(?:[A-Z]{1,5}\b|\([^()]{0,60}\)|m=[+-][\d.]{1,40})){0,3}"
)
"""A date as servers write it, wherever it stands."""
_NEXT_HOP = re.compile(rb"[\s,;]{0,40}((?:from|by)\s)", re.IGNORECASE)
_ORDER = {b"from": "f", b"by": "b"}
_FOLDED = re.compile("bf+b")
_BY = re.compile(rb"(?<!\S)by\s", re.IGNORECASE)
_AFTER_DATE = b" \t\r\n;,"
_PLAIN_TAIL = 80
"""A longer rest behind the semicolon is more than a date."""
_HOPS = 64
"""Hops that are told apart in one field."""


def parse_hops(raw: bytes) -> list[tuple[int, Clauses]]:
    """Take one trace field apart into its hops, the newest first: one, unless several fields were folded into one.

    Args:
        raw: field body, folding included.

    Returns:
        Where each hop begins in *raw*, and its clauses; their date is a range of *raw*.
    """
    found = plain_hop(raw)
    return [(0, found)] if found is not None else _parse_odd(raw[:MAX_BYTES])


def _parse_odd(raw: bytes) -> list[tuple[int, Clauses]]:
    starts = list(_hop_starts(raw))
    hops = []
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        piece = raw[start:end]
        hop = (plain_hop(piece) if start or end < len(raw) else None) or _by_words(piece)
        if start and hop.date is not None:
            hop = msgspec.structs.replace(hop, date=(hop.date[0] + start, hop.date[1] + start))
        hops.append((start, hop))
    return hops


def plain_hop(raw: bytes) -> Clauses | None:
    """Return the clauses of a trace field that is one hop, written in the common order; ``None``: it is another."""
    found = _COMMON.match(raw)
    if found is None:
        return None
    tail = raw[found.end() :]
    if len(tail) > _PLAIN_TAIL or b";" in tail or b" for" in tail or b" id " in tail:
        return None
    date = tail.lstrip()
    begin = len(raw) - len(date)
    end = begin + len(date.rstrip(_AFTER_DATE))
    lead, from_, by, via, with_, id_, late_via, for_ = found.groups(b"")
    if not from_ and lead.startswith(b"(from "):
        from_ = lead
    return Clauses(
        _text(from_),
        host(by),
        _text(via or late_via),
        _text(with_),
        id_.decode("utf-8", "replace"),
        for_.decode("utf-8", "replace"),
        (begin, end) if end > begin else None,
    )


def _hop_starts(raw: bytes) -> Iterator[int]:
    """Yield 0, and where another hop begins behind a date: with ``from`` or ``by``, and a ``by`` to come."""
    yield 0
    hosts = [found.start() for found in _BY.finditer(raw)]
    passed = hops = 0
    for date in _DATE_LIKE.finditer(raw) if len(hosts) > 1 else ():
        found = _NEXT_HOP.match(raw, date.end())
        by = bisect_left(hosts, date.start())
        if found is not None and passed < by < len(hosts) and hops < _HOPS:
            passed, hops = by, hops + 1
            yield found.start(1)


def parse_received(raw: bytes) -> Clauses:
    """Take one trace field apart; of one into which several were folded, the newest hop."""
    return parse_hops(raw)[0][1]


@lru_cache(8192)
def host(raw: bytes) -> str:
    """Return a host name as written, in lower case."""
    return raw.decode("utf-8", "replace").lower()


@lru_cache(8192)
def _text(raw: bytes) -> str:
    return unfold(raw.decode("utf-8", "replace"))


def _date_range(raw: bytes, start: int) -> tuple[int, int] | None:
    text = raw[start:].lstrip()
    begin = len(raw) - len(text)
    end = begin + len(text.rstrip(_AFTER_DATE))
    return (begin, end) if end > begin else None


def _by_words(raw: bytes) -> Clauses:
    """Find clauses by their first words outside comments; the first of each kind counts."""
    nested = raw.count(b"(") == raw.count(b")")  # otherwise an unclosed one would swallow the rest
    spans: list[list[int]] = [[-1, -1] for _ in range(6)]
    current, depth, date_start, order = -1, 0, -1, ""
    dates: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(raw):
        kind = found.lastindex
        if kind == 3:
            depth = max(0, depth + (1 if found[3] == b"(" else -1)) if nested else 0
        if depth == 0 and kind == 2 and len(found[2]) in (2, 4):
            order += _ORDER.get(found[2].lower(), "")
        ends = depth == 0 and (kind == 1 or (kind == 2 and _begins(found[2], current, spans)))
        if ends and date_start >= 0:
            dates.append((date_start, found.start()))
        if ends and kind == 1:
            current, date_start = -1, found.end()
        elif ends:
            current, date_start = _WORDS[found[2].lower()], -1
            spans[current] = [found.end(), found.end()]
        elif current >= 0 and not found[0].isspace():
            spans[current][1] = found.end()
    if date_start >= 0:
        dates.append((date_start, len(raw)))
    folded = nested and _FOLDED.search(order) is not None
    date = None if folded else _date(raw, dates)
    if date is not None:  # one without a semicolon stands in the last clause
        spans = [[begin, date[0] if begin <= date[0] < end else end] for begin, end in spans]
    values = [raw[begin:end].strip() if begin >= 0 else b"" for begin, end in spans]
    for place in (1, 4, 5):
        values[place] = _first_word(values[place])
    if not values[0] and (local := _LOCAL.match(raw)) is not None:
        values[0] = local[1]
    from_, by, via, with_, id_, for_ = values
    return Clauses(_text(from_), host(by), _text(via), _text(with_), _text(id_), _text(for_), date, folded)


def _date(raw: bytes, behind: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Choose the date: the last readable text behind a semicolon, a date elsewhere, or what should have been one."""
    ranges = [found for start, end in behind if (found := _date_range(raw[:end], start)) is not None]
    for start, end in reversed(ranges):
        if parse_date(raw[start:end]).wall is not Absence.UNPARSABLE:
            return start, end
    chosen = ranges[-1] if ranges else None
    for elsewhere in _DATE_LIKE.finditer(raw):
        chosen = elsewhere.span()
    return chosen


def _begins(word: bytes, current: int, spans: list[list[int]]) -> bool:
    """Whether a word begins a clause: each does once, and not directly after another clause word."""
    clause = _WORDS.get(word.lower(), -1)
    return clause >= 0 and spans[clause][0] < 0 and (current < 0 or spans[current][1] > spans[current][0])


def _first_word(raw: bytes) -> bytes:
    """The value without the comments after it."""
    if raw.startswith(b"("):
        return raw
    head = raw.split(b"(", 1)[0].split()
    return head[0].rstrip(b",") if head else b""
