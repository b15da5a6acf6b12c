"""What one quoted line says in other words than the mail that it was taken from, and what kind of difference it is.

A line with one edit has a beginning or an end that stands in the original, and the rest stands close by. Both are found
as letters, whole words of the quote at a time; what lies between them in either text is the edit.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from forensics.parsers.mail.texts import letters_of
from forensics.relations.quotes import forms
from forensics.relations.quotes.shown import Shown

KINDS = ("word", "number", "negation", "address", "inserted", "deleted", "line", "passage", "two_words", "typo")
"""One other word, number, negation or address; words that only the quote has, or only the original; whole lines that
only the quote has, inside a paragraph or as one; two other words; a word that differs by a typing error."""
REACH = 60
"""Letters of the original that an edit may take."""
MOST_WORDS = 4
"""Words that are inserted or deleted by one edit."""
LEAST_WORDS = 6
"""Of a line that is compared."""
LEAST_OF_ADDRESS = 4
"""Of a line of which only an address is compared."""
_WORD = re.compile(r"\S+")
_LINE_END = re.compile(r"\n")
_BLANK_LINE = re.compile(r"\n[ \t>|\r]*+\n")
_DIGITS = re.compile(r"\d+")
_NEGATIONS = frozenset(
    (
        *("not", "no", "never", "none", "nor", "without", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent"),
        *("wasnt", "werent", "wont", "wouldnt", "shouldnt", "couldnt", "hasnt", "havent", "hadnt", "nicht", "kein"),
        *("keine", "keinen", "nie", "pas", "jamais", "aucun", "sans", "non", "nunca", "sin", "nao", "nem", "sem"),
        *("niet", "geen", "nooit", "brak", "bez", "\u043d\u0435", "\u043d\u0435\u0442", "\u0431\u0435\u0437"),
    )
)
Search = Callable[..., int]
"""Finds letters in those of the original: what, from where, to where, whether the last; -1 where they are not found."""


class Difference(NamedTuple):
    """One edit."""

    kind: str
    """Of `KINDS`."""
    quoted: str
    """Words of the quote; empty where it lacks some."""
    original: str
    """Words of the mail that it was taken from."""
    words: int
    """Of the quoted line."""
    start: int
    """Of the line in the original's text: what corresponds to the quoted line, as ``end``."""
    end: int


def difference(
    line: str,
    source: Shown,
    after: int | None,
    before: int | None,
    search: Search,
    *,
    address: bool = False,
) -> Difference | None:
    """Return the edit by which a line differs from a mail; None where there is none, or more than one.

    Args:
        line: as it is quoted; its letters do not stand in the mail.
        source: the mail.
        after: where in its letters the line above ends; None where that is not found there.
        before: where the line below begins.
        search: finds letters in the letters of the mail between two places; -1 where there are none, or none to spend.
        address: whether nothing but another address counts.
    """
    spans = [found.span() for found in _WORD.finditer(line)]
    pieces = [letters_of(line[start:end]) for start, end in spans]
    kept = [number for number, piece in enumerate(pieces) if piece]
    spans, pieces = [spans[number] for number in kept], [pieces[number] for number in kept]
    if len(pieces) < (LEAST_OF_ADDRESS if address else LEAST_WORDS):
        return None
    if not address and forms.is_data([line[start:end] for start, end in spans]):
        return None
    cut = _cut(pieces, after, before, search)
    if cut is None:
        return None
    first, last, left, right = cut
    words = source.words(left, right)
    while first and words and words[0][2] < left:
        first, left = first - 1, left - len(pieces[first - 1])
        words = source.words(left, right)
    while last < len(pieces) and words and words[-1][3] > right:
        right, last = right + len(pieces[last]), last + 1
        words = source.words(left, right)
    quoted = line[spans[first - 1][1] if first else 0 : spans[last][0] if last < len(spans) else None].split()
    original = [source.text[start:end] for start, end, _, _ in words]
    kind = kind_of(quoted, original, at_start=first == 0)
    if not kind or (kind == "address") != address:
        return None
    if _parted(source, left - (first > 0), right + (last < len(pieces)), _BLANK_LINE):
        return None
    if quoted and original and last == len(pieces) and _parted(source, left - 1, right, _LINE_END):
        return None  # a remark at the end of a line, and what begins the next
    begin = max(left - sum(map(len, pieces[:first])), 0)
    around = source.words(begin, min(right + sum(map(len, pieces[last:])), len(source.letters)))
    if not around:
        return None
    return Difference(kind, " ".join(quoted), " ".join(original), len(pieces), around[0][0], around[-1][1])


def _parted(source: Shown, first: int, last: int, by: re.Pattern[str]) -> bool:
    """Whether something stands between the words of a range, by which they say two things."""
    words = source.words(first, last)
    return bool(words) and by.search(source.text, words[0][0], words[-1][1]) is not None


def _cut(
    pieces: list[bytes], after: int | None, before: int | None, search: Search
) -> tuple[int, int, int, int] | None:
    """Return which words of a quote stand for which letters of the original: first, last, from, to."""
    count, low = len(pieces), after or 0

    def size_of(first: int, last: int) -> int:
        return sum(map(len, pieces[first:last]))

    prefix, at = _longest(count, lambda size: search(b"".join(pieces[:size]), low))
    suffix, to = _longest(count, lambda size: search(b"".join(pieces[count - size :]), low))
    if not prefix and not suffix:
        return None
    if prefix >= suffix:
        left = at + size_of(0, prefix)

        def place(size: int) -> int:
            end = left + REACH + size_of(count - size, count)
            return search(b"".join(pieces[count - size :]), left, end if before is None else min(end, before))

        suffix, to = _longest(count - prefix, place)
        if suffix:
            return prefix, count - suffix, left, to
        if before is not None and 0 <= before - left <= REACH:
            return prefix, count, left, before
        return (prefix, count, left, left + 1) if prefix == count - 1 else None
    prefix, at = _longest(
        count - suffix,
        lambda size: search(b"".join(pieces[:size]), max(to - REACH - size_of(0, size), low), to, last=True),
    )
    if prefix:
        return prefix, count - suffix, at + size_of(0, prefix), to
    if after is not None and 0 <= to - after <= REACH:
        return 0, count - suffix, after, to
    return (0, 1, to - 1, to) if suffix == count - 1 and to else None


def _longest(most: int, place: Callable[[int], int]) -> tuple[int, int]:
    """Return the largest size that has a place, and the place: what has one, has one for every smaller size."""
    low, at = 0, -1
    while low < most:
        middle = (low + most + 1) // 2
        if (found := place(middle)) >= 0:
            low, at = middle, found
        else:
            most = middle - 1
    return low, at


def kind_of(quoted: list[str], original: list[str], *, at_start: bool) -> str:
    """Return the kind of an edit; empty for what clients, charsets, lists and remarks of quoters make, or for more."""
    both = [*quoted, *original]
    one, other = [list(filter(None, map(letters_of, words))) for words in (quoted, original)]
    if b"".join(one) == b"".join(other) or max(len(one), len(other)) > MOST_WORDS:
        return ""
    if at_start and forms.is_numbering(quoted, original):
        return ""
    if len(quoted) == len(original) == 1 and all(map(forms.is_address, both)):
        return "" if forms.is_masked(*both) else "address"
    if forms.is_link(both) or forms.is_trimmed(both) or forms.is_charset(quoted, original):
        return ""
    if not (one and other) and (forms.is_mark(both) or len(b"".join((*one, *other))) == 1):
        return ""
    if not one or not other:
        return "negation" if len(both) == 1 and _negates(both[0]) else "inserted" if one else "deleted"
    if len(one) == len(other) == 1:
        return _kind_of_word(quoted[0], original[0])
    if max(len(one), len(other)) == 2:
        typos = len(one) == len(other) and all(map(_is_typo, quoted, original))
        return "typo" if typos else "two_words"
    return ""


def _kind_of_word(one: str, other: str) -> str:
    if _negates(one) != _negates(other):
        return "negation"
    if _DIGITS.search(one) and _DIGITS.search(other) and _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return "number"
    return "typo" if _is_typo(one, other) else "word"


def _negates(word: str) -> bool:
    return letters_of(word).decode("utf-8", "replace") in _NEGATIONS


def _is_typo(one: str, other: str) -> bool:
    """Whether two words differ by two letters at most, and less than short words do that are simply others."""
    first, second = letters_of(one), letters_of(other)
    distance = Levenshtein.distance(first, second)
    return distance <= 2 and distance < min(len(first), len(second))
