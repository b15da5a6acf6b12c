"""The words around what was found in a text, as they stand there."""

import re
from collections.abc import Sequence

from forensics.fulltext.asking import WORD, Asked, Term
from forensics.fulltext.folding import fold_word
from forensics.model.searching import Excerpt

AROUND = 60
"""Characters before and behind what was found."""
_MOST = 4_000_000
"""Characters of a text that are looked through."""
_SPACES = re.compile(r"\s+")

_Word = tuple[str, int, int]
"""A token of the index, and the range of the text that it stands for."""


def excerpt(text: str, asked: Asked) -> Excerpt | None:
    """Return the part of a text that holds most of what is asked; ``None`` where none of it stands there.

    Args:
        text: as it was read.
        asked: the question.
    """
    words = _words(text[:_MOST])
    by_token: dict[str, list[int]] = {}
    for at, (token, _, _) in enumerate(words):
        by_token.setdefault(token, []).append(at)
    found = [(start, end, n) for n, term in enumerate(asked.terms) for start, end in _places(term, words, by_token)]
    if not found:
        return None
    found.sort()
    first = _densest(found)
    begin, last = found[first][0], found[first][1]
    inside = [(start, end) for start, end, _ in found[first:] if end <= begin + 3 * AROUND or end == last]
    return _cut(text, *_around(text, begin, max([end for _, end in inside])), inside)


def excerpt_of_parts(text: str, parts: Sequence[str]) -> Excerpt | None:
    """Return the part of a short text where the first of some parts of words stands; ``None`` where none does."""
    folded = text.casefold()
    if len(folded) != len(text):
        return None  # its places are not those of the text
    places = [(at, at + len(part)) for part in parts if (at := folded.find(part.casefold())) >= 0]
    if not places:
        return None
    places.sort()
    begin, last = places[0]
    inside = [(start, end) for start, end in places if end <= begin + 3 * AROUND or end == last]
    return _cut(text, *_around(text, begin, max([end for _, end in inside])), inside)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in WORD.finditer(text):
        word, start = match[0], match.start()
        if word.isascii():
            words.append((word.lower(), start, match.end()))
            continue
        tokens = fold_word(word)
        paired = len(tokens) == len(word)  # a run without spaces: a token for each character
        words += [
            (token, start + n, min(start + n + len(token), match.end())) if paired else (token, start, match.end())
            for n, token in enumerate(tokens)
        ]
    return words


def _places(term: Term, words: list[_Word], by_token: dict[str, list[int]]) -> list[tuple[int, int]]:
    """Return the ranges of the text at which a term stands."""
    size, last = len(term.tokens), term.tokens[-1]
    if size > 1:
        begins = by_token.get(term.tokens[0], [])
    elif term.begins:
        begins = [at for token, places in by_token.items() if token.startswith(last) for at in places]
    else:
        begins = by_token.get(last, [])
    found = []
    for at in begins:
        run = [token for token, _, _ in words[at : at + size]]
        ends = run and (run[-1] == last or (term.begins and run[-1].startswith(last)))
        if len(run) == size and ends and tuple(run[:-1]) == term.tokens[:-1]:
            found.append((words[at][1], words[at + size - 1][2]))
    return found


def _densest(found: list[tuple[int, int, int]]) -> int:
    """Return the first of the places after which most terms stand within an excerpt."""
    best, at_best, end = 0, 0, 0
    counts: dict[int, int] = {}
    for first, (start, _, term) in enumerate(found):
        while end < len(found) and found[end][1] <= start + 3 * AROUND:
            counts[found[end][2]] = counts.get(found[end][2], 0) + 1
            end += 1
        if len(counts) > best:
            best, at_best = len(counts), first
        if end == first:
            end += 1
            continue
        counts[term] -= 1
        if not counts[term]:
            del counts[term]
    return at_best


def _around(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return what is shown around a range: up to `AROUND` characters on both sides, no word cut if it can be helped."""
    start, stop = max(0, begin - AROUND), min(len(text), end + AROUND)
    if start and (gap := _SPACES.search(text, start, begin)) is not None:
        start = gap.end()
    if stop < len(text) and (gaps := list(_SPACES.finditer(text, end, stop))):
        stop = gaps[-1].start()
    return start, stop


def _cut(text: str, start: int, end: int, places: list[tuple[int, int]]) -> Excerpt:
    """Return a range of a text on one line, with the places that were found in it."""
    said, at, marked = "", start, []
    for first, last in places:
        if first < at:
            continue
        said += _SPACES.sub(" ", text[at:first])
        begin = len(said)
        said += _SPACES.sub(" ", text[first:last])
        marked.append((begin, len(said)))
        at = last
    said += _SPACES.sub(" ", text[at:end])
    return Excerpt(text=said, found=tuple(marked), begins=start == 0, ends=end == len(text))
