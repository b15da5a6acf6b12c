"""Trace fields: ``Received`` taken apart, for every mail server's dialect.

The clauses stand in any order and some servers write others, so clauses are found by their words outside comments; what
stands between two of them belongs to the first. Nothing is dropped: a field that fits no grammar still has its date.

Source: RFC 5321 4.4, RFC 822 4.3.2; dialects of sendmail, Postfix, Exim, qmail, Exchange, Gmail, ZMailer.
"""

import re
from functools import lru_cache

import msgspec

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


_C = rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\([^()]*+\))*+\))*+\)"
_W = rb"[^\s();]++"
_NOT = rb"\s++(?!(?:from|by|via|with|id|for)\s)" + _W
_VIA = rb"(?:via\s++(" + _W + rb"(?:" + _NOT + rb")*+(?:\s*+" + _C + rb")*+)\s*+)?"
_COMMON = re.compile(
    rb"\s*+(?:(" + _C + rb")\s*+)?"
    rb"(?:from\s++(" + _W + rb"(?:\s*+" + _C + rb")*+)\s*+)?"
    rb"by\s++(" + _W + rb")(?:\s*+" + _C + rb")*+\s*+" + _VIA + rb"(?:with\s++(" + _W + rb"(?:" + _NOT + rb")*+"
    rb"(?:\s*+" + _C + rb")*+)\s*+)?"
    rb"(?:id\s++(" + _W + rb")(?:\s*+" + _C + rb")*+\s*+)?" + _VIA + rb"(?:for\s++(" + _W + rb")"
    rb"(?:\s*+" + _C + rb")*+\s*+)?;",
    re.DOTALL | re.IGNORECASE,
)
_TOKEN = re.compile(rb"(;)|([^\s();\"\\]++)|([()])|\s++|\"(?:[^\"\\]++|\\.)*+\"|\\?.", re.DOTALL)
_WORDS = {b"from": 0, b"by": 1, b"via": 2, b"with": 3, b"id": 4, b"for": 5}
_LOCAL = re.compile(rb"\s*(\(from [^()]*\))")
_DATE_AT_END = re.compile(
    rb"\s((?:[A-Z][a-z][a-z], ?)?\d{1,2} [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d(?:\.\d{1,7})? [+-]\d{4}"
    rb"(?: \([A-Z]+\))?\s*)\Z"
)


def parse_received(raw: bytes) -> Clauses:
    """Take one trace field apart.

    Args:
        raw: field body, folding included.
    """
    found = _COMMON.match(raw)
    tail = raw[found.end() :] if found is not None else b""
    if found is None or b";" in tail or b" for" in tail or b" id " in tail:
        return _by_words(raw[:MAX_BYTES])
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
        _date_range(raw, found.end()),
    )


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
    end = begin + len(text.rstrip())
    return (begin, end) if end > begin else None


def _by_words(raw: bytes) -> Clauses:
    """Find clauses by their first words outside comments; the first of each kind counts."""
    nested = raw.count(b"(") == raw.count(b")")  # otherwise an unclosed one would swallow the rest
    spans: list[list[int]] = [[-1, -1] for _ in range(6)]
    current, depth = -1, 0
    date_start, date_end = -1, len(raw)
    for found in _TOKEN.finditer(raw):
        kind = found.lastindex
        if kind == 3:
            depth = max(0, depth + (1 if found[3] == b"(" else -1)) if nested else 0
        if depth == 0 and kind == 1:
            date_start, date_end = found.end(), len(raw)
            current = -1
        elif depth == 0 and kind == 2 and _begins(found[2], current, spans):
            current = _WORDS[found[2].lower()]
            date_end = min(date_end, found.start())
            spans[current] = [found.end(), found.end()]
        elif current >= 0 and not found[0].isspace():
            spans[current][1] = found.end()
    values = [raw[begin:end].strip() if begin >= 0 else b"" for begin, end in spans]
    for place in (1, 4, 5):
        values[place] = _first_word(values[place])
    if not values[0] and (local := _LOCAL.match(raw)) is not None:
        values[0] = local[1]
    if date_start < 0 and (tail := _DATE_AT_END.search(raw[-120:])) is not None:
        date_start, date_end = max(0, len(raw) - 120) + tail.start(1), len(raw)
    from_, by, via, with_, id_, for_ = values
    return Clauses(
        _text(from_),
        host(by),
        _text(via),
        _text(with_),
        _text(id_),
        _text(for_),
        _date_range(raw[:date_end], date_start) if date_start >= 0 else None,
    )


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
