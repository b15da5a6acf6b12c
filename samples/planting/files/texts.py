"""Texts in the XML of Office documents: words and numbers, and how to change one of them."""

import re
from random import Random

from samples.planting.files.folder import File
from samples.planting.mime import Unfit

_MAIN = {"word": r"word/document\.xml", "excel": r"xl/sharedStrings\.xml", "powerpoint": r"ppt/slides/slide\d+\.xml"}
_RUN = re.compile(r"(?<=>)[^<>&]{12,}(?=</(?:w:t|a:t|t)>)")
_WORD = re.compile(r"(?<![\w.@/:-])[a-z]{5,12}(?![\w@/:-])")
_NUMBER = re.compile(r"(?<![\w.,/:-])[1-9]\d{1,5}(?![\w/:-]|[.,]\d)")
HOMOGLYPHS = dict(zip("aceopxy", "асеорху", strict=True))
"""Latin letters and the Cyrillic ones that look the same."""


def text_part(file: File, rng: Random) -> str:
    """Return the name of a part with text: the body, the shared strings, or one slide.

    Raises:
        Unfit: there is none.
    """
    names = file.parts(_MAIN[file.kind])
    if not names:
        raise Unfit("no text")
    return rng.choice(names)


def _places(xml: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    return [(run.start() + found.start(), found[0]) for run in _RUN.finditer(xml) for found in pattern.finditer(run[0])]


def reworded(xml: str, rng: Random, *, even: bool = False) -> tuple[str, str]:
    """Return the text with one word given way to another of the same document, and what was and is.

    Args:
        xml: of one part.
        rng: chooses the words.
        even: whether the new word is as long as the old one.

    Raises:
        Unfit: it has no two such words.
    """
    found = _places(xml, _WORD)
    words = sorted({word for _, word in found})
    for at, old in rng.sample(found, min(len(found), 200)):
        others = [word for word in words if word != old and (not even or len(word) == len(old))]
        if others:
            return _put(xml, at, old, rng.choice(others))
    raise Unfit("no two words")


def renumbered(xml: str, rng: Random) -> tuple[str, str]:
    """Return the text with one digit of a number changed, and what was and is.

    Raises:
        Unfit: it has no number.
    """
    found = _places(xml, _NUMBER)
    if not found:
        raise Unfit("no number")
    at, old = rng.choice(found)
    return _put(xml, at, old, other_number(old, rng))


def disguised(xml: str, rng: Random) -> tuple[str, str]:
    """Return the text with one letter of a word in another script, and what was and is.

    Raises:
        Unfit: it has no word with such a letter.
    """
    found = [(at, word) for at, word in _places(xml, _WORD) if set(word) & set(HOMOGLYPHS)]
    if not found:
        raise Unfit("no such letter")
    at, old = rng.choice(found)
    letter = rng.choice(sorted(set(old) & set(HOMOGLYPHS)))
    return _put(xml, at, old, old.replace(letter, HOMOGLYPHS[letter], 1))


def other_number(text: str, rng: Random) -> str:
    """Return a number with another digit in one place; the first does not become 0."""
    places = [place for place, letter in enumerate(text) if letter.isascii() and letter.isdigit()]
    if not places:
        raise Unfit("no digit")
    at = rng.choice(places[:6])
    digit = rng.choice([one for one in "123456789" if one != text[at]])
    return text[:at] + digit + text[at + 1 :]


def _put(xml: str, at: int, old: str, new: str) -> tuple[str, str]:
    return xml[:at] + new + xml[at + len(old) :], f"{old!r} -> {new!r}"
