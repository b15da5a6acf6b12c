"""Two texts word by word, as runs that both have or only one."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

from forensics.model.comparing import Side, WordRun
from forensics.parsers.mail.alignment import common, ends

_WORD = re.compile(r"\S+")
_LINE = re.compile(r"(?m)^((?:(?!>{1,5}From[ \t])>[ \t]*)*)(.*)$")
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
_QUOTED = "\n"
"""Before a word, once for each mark of its line; no word has it."""
_KEPT = 8
"""Words of a long common run that are shown at each of its ends."""
_CUT = "[...]"
_LONGEST = 2_000
"""Characters of a run that are shown."""


class Words(NamedTuple):
    """A text's words.

    Attributes:
        shown: as the text has them.
        plain: as they are compared: composed, quotes and dashes as typed, ``>From`` at the start of a line as ``From``,
            and how often they are quoted before them, since a line end may move and whose words they are may not.
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
    """Return the words of a text: what stands between white space, without marks of quotes."""
    found = list(_words(text))
    spans = [word.span() for word, _, _ in found]
    shown = [f"{mark} {word[0]}" if mark and first else word[0] for word, mark, first in found]
    plain = [word[0] for word, _, _ in found]
    if not text.isascii():
        plain = [normalize("NFC", word).translate(_TYPED) for word in plain]
    if ">" in text:
        plain = [
            _QUOTED * len(mark) + ("From" if first and _MARKED.match(word) else word)
            for word, (_, mark, first) in zip(plain, found, strict=True)
        ]
    return Words(shown, plain, spans)


def _words(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """Yield each word with the quote marks of its line and whether it is the first there."""
    if ">" not in text:
        yield from ((word, "", False) for word in _WORD.finditer(text))
        return
    for line in _LINE.finditer(text):
        mark, first = ">" * line[1].count(">"), True
        for word in _WORD.finditer(text, line.start(2), line.end(2)):
            yield word, mark, first
            first = False


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
    sides = one.plain[slice(*change.one)], other.plain[slice(*change.other)]
    depths = [{word.count(_QUOTED) for word in side} for side in sides]
    said = ["".join(side).replace(_QUOTED, "") for side in sides]
    return depths[0] == depths[1] and said[0] == said[1]


def runs(one: Words, other: Words, found: Sequence[Changed]) -> tuple[WordRun, ...]:
    """Return two texts as runs, in order; of a long common run its ends."""
    return tuple(_runs(one, other, found))


def _runs(one: Words, other: Words, found: Sequence[Changed]) -> Iterator[WordRun]:
    at = 0
    for change in found:
        yield from _common(one.shown[at : change.one[0]], first=at == 0, last=False)
        if change.one[0] < change.one[1]:
            yield WordRun(Side.ONE, _within(one.shown[slice(*change.one)]))
        if change.other[0] < change.other[1]:
            yield WordRun(Side.OTHER, _within(other.shown[slice(*change.other)]))
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
    yield WordRun(Side.BOTH, _within(kept))


def _within(words: Sequence[str]) -> str:
    """Return words as one text, cut between two words: half an address is still somebody's."""
    text = " ".join(words)
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST + 1].rpartition(' ')[0] or text[:_LONGEST]} {_CUT}"
