"""What a mail's writer says of the file that comes with it beside its name: pages, slides, bytes.

Only what can be meant of the whole file: a count in the sentence of the phrase that says a file comes, the only one
there, or in brackets behind the file's name. "The first 3 pages" or "page 3" are no counts of a file.

Source: knowledge base O-26; ISO/IEC 80000-13 (1024), SI (1000).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.knowledge.attachment_words import attachment_words

SENTENCE = 120
"""Characters behind a phrase in which its sentence is read."""
_STATED = attachment_words().stated


def _any(words: Sequence[str]) -> str:
    return "|".join([re.escape(word) for word in sorted(words, key=len, reverse=True)])


_COUNT = rf"(?P<n>[1-9]\d{{0,3}})[ -]?(?:(?P<pages>{_any(_STATED.pages)})|(?P<slides>{_any(_STATED.slides)}))(?!\w)"
_SIZE = (
    rf"(?P<size>\d{{1,7}}(?:[.,]\d{{1,2}})?) ?(?P<unit>{_any([*_STATED.thousands, *_STATED.millions, *_STATED.bytes])})"
)
_PIECE = re.compile(rf"(?:(?:{_any(_STATED.about)}) ?)?(?:{_COUNT}|{_SIZE})", re.IGNORECASE)
_BRACKETS = re.compile(r" ?[(\[]([^()\[\]\n]{3,40})[)\]]")
_IN_TEXT = re.compile(rf"(?<![\w.,:/-]){_COUNT}", re.IGNORECASE)
_END = re.compile(r"[.!?;:]\s|\n\s*\n")
_PART = re.compile(rf"(?<!\w)(?:{_any(_STATED.part)})(?!\w)", re.IGNORECASE)
_COMMA = re.compile(r"[,;] ")


class Stated(NamedTuple):
    """One statement."""

    kind: str
    """``pages``, ``slides`` or ``size``."""
    low: int
    """The least that it can mean: a rounded size means a range of bytes."""
    high: int
    text: str


def behind_name(said: str, end: int) -> Iterator[Stated]:
    """Yield what stands in brackets behind a name, if nothing else stands there."""
    found = _BRACKETS.match(said, end)
    pieces = [_PIECE.fullmatch(one.strip()) for one in _COMMA.split(found[1])] if found is not None else []
    yield from [_read(piece) for piece in pieces if piece is not None and None not in pieces]


def in_sentence(said: str, start: int, end: int) -> Iterator[Stated]:
    """Yield the one count in the sentence of a phrase; none where several stand there or a part of a file is meant."""
    ended = _END.search(said, end, end + SENTENCE)
    until = ended.start() if ended is not None else min(end + SENTENCE, len(said))
    counts = list(_IN_TEXT.finditer(said, end, until))
    if len(counts) == 1 and _alone(said, counts[0]) and not _PART.search(said, start, until):
        yield _read(counts[0])


def _alone(said: str, found: re.Match[str]) -> bool:
    """Whether a count that begins what stands in brackets is all of it."""
    return said[found.start() - 1] not in "([" or said[found.end() : found.end() + 1] in (")", "]")


def _read(found: re.Match[str]) -> Stated:
    groups = found.groupdict()
    text = " ".join(found[0].split())
    if groups.get("size"):
        low, high = _range(groups["size"], groups["unit"].lower())
        return Stated("size", low, high, text)
    number = int(groups["n"])
    return Stated("pages" if groups["pages"] else "slides", number, number, text)


def _range(number: str, unit: str) -> tuple[int, int]:
    """Return the least and most bytes of a rounded size, whether its unit is of 1000 or of 1024."""
    digits = number.replace(",", ".")
    step = 10.0 ** -len(digits.partition(".")[2])
    power = 2 if unit in _STATED.millions else 1 if unit in _STATED.thousands else 0
    value = float(digits)
    return int(max(value - step, 0) * 1000**power), int((value + step) * 1024**power) + 1
