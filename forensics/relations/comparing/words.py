"""Two texts word by word, as runs that both have or only one."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

from forensics.model.comparing import Side, WordRun
from forensics.parsers.mail.alignment import common, ends

_WORD = re.compile(r"\S+")
_MARKED = re.compile(r">+From\Z")
_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2013\u2014", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        "\u2026": "...",
        "\ufeff": "",
    }
)
"""What narrower charsets write for quotes, dashes and dots."""
_KEPT = 8
"""Words of a long common run that are shown at each of its ends."""
_CUT = "[...]"
_LONGEST = 2_000
"""Characters of a run that are shown."""


class Words(NamedTuple):
    """A text's words.

    Attributes:
        shown: as the text has them.
        plain: as they are compared: composed, quotes and dashes as typed, ``>From`` at the start of a line as ``From``.
        spans: where each stands in the text.
    """

    shown: Sequence[str]
    plain: Sequence[str]
    spans: Sequence[tuple[int, int]]


class Changed(NamedTuple):
    """Words of the one text in the place of words of the other: from where to where in each; one may be empty."""

    one: tuple[int, int]
    other: tuple[int, int]


def words_of(text: str) -> Words:
    """Return the words of a text: what stands between white space."""
    found = list(_WORD.finditer(text))
    shown = [word[0] for word in found]
    plain = shown if text.isascii() else [normalize("NFC", word).translate(_TYPED) for word in shown]
    if ">From" in text:
        first = [word.start() == 0 or text[word.start() - 1] in "\r\n" for word in found]
        plain = ["From" if at and _MARKED.match(word) else word for word, at in zip(plain, first, strict=True)]
    return Words(shown, plain, [word.span() for word in found])


def changes(one: Words, other: Words) -> tuple[list[Changed], bool]:
    """Return in order what differs, and whether both were compared to their ends."""
    runs, whole = common(one.plain, other.plain)
    last = (len(one.plain), len(other.plain)) if whole else ends(runs)
    found = []
    at = to = 0
    for start, begin, size in (*runs, (*last, 0)):
        if (at, to) != (start, begin):
            found.append(Changed((at, start), (to, begin)))
        at, to = start + size, begin + size
    return [change for change in found if not _same(one, other, change)], whole


def _same(one: Words, other: Words, change: Changed) -> bool:
    """Whether only spaces differ: a long word that was broken, or two that were joined."""
    return "".join(one.plain[slice(*change.one)]) == "".join(other.plain[slice(*change.other)])


def runs(one: Words, other: Words, found: Sequence[Changed]) -> tuple[WordRun, ...]:
    """Return two texts as runs, in order; of a long common run its ends."""
    return tuple(_runs(one, other, found))


def _runs(one: Words, other: Words, found: Sequence[Changed]) -> Iterator[WordRun]:
    at = 0
    for change in found:
        yield from _common(one.shown[at : change.one[0]], first=at == 0, last=False)
        if change.one[0] < change.one[1]:
            yield WordRun(Side.ONE, " ".join(one.shown[slice(*change.one)])[:_LONGEST])
        if change.other[0] < change.other[1]:
            yield WordRun(Side.OTHER, " ".join(other.shown[slice(*change.other)])[:_LONGEST])
        at = change.one[1]
    yield from _common(one.shown[at:], first=at == 0, last=True)


def _common(words: Sequence[str], *, first: bool, last: bool) -> Iterator[WordRun]:
    if not words:
        return
    whole = first and last
    before, after = 0 if first and not whole else _KEPT, 0 if last and not whole else _KEPT
    if len(words) > before + after:
        kept = [*words[:before], _CUT, *(words[-after:] if after else ())]
    else:
        kept = list(words)
    yield WordRun(Side.BOTH, " ".join(kept)[:_LONGEST])
