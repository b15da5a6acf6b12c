"""Characters of a text that are not seen, that turn the order of others, or that look like others.

What scripts and typesetters need is none of it: soft hyphens between syllables, boundaries of words in scripts that
write no spaces, controls that turn nothing, the Greek of units and formulas. Nor are characters that only stand there
because the text was read in a wrong charset.

Source: knowledge base I-11; UTS #39 5.1 (mixed scripts); UAX #9 (bidirectional controls); UTS #51 (tags, joiners);
Unicode 23.2 (layout controls).
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from forensics.parsers.mail.directions import turns
from forensics.parsers.mail.misread import is_misread

_LETTERS = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u02af\u0370-\u052f"
"""Latin, Greek and Cyrillic, which need no joiners; in Persian, Hindi and emoji these are lawful."""
_UNSEEN = "\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufff9-\ufffb"
_TAGS, _SELECTORS = "\U000e0000-\U000e007f", "\ufe00-\ufe0e\U000e0100-\U000e01ef"
_APART = r"\s!-/:-@\[-`{-~"
_FILLING = f"(?![\\s\u2007\u034f\u00ad]{{1,9}}[{_UNSEEN}\ufeff\u034f])"
"""What newsletters put behind the preview of a text."""
_NEEDING = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u1950-\u1aaf\u1b00-\u1bff\u2e80-\u9fff\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufdff"
    "\ufe70-\ufefc\U00020000-\U0003ffff]"
)
"""Scripts that need such characters, beside numbers and foreign words among theirs too: Arabic, the Indic ones and
Mongolian join letters and part them; Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Balinese, Javanese, Han and Kana have no
spaces, so that U+200B parts words."""
_LAYOUT, _LATIN = re.compile("[\u200b-\u200d\u2060\ufeff]+"), re.compile("[A-Za-z]")
NEAR = 20
"""Characters within which such a script is looked for."""
LEAST_SPELT = 16
"""In a row, characters of no width that can spell a text: two letters."""
_PIECE = "[0-9A-Za-z\u0100-\u052f]"
_ZERO_WIDTH = re.compile(
    "(?<=\\w)[\u200b\u2060\ufeff]++(?=\\w)"
    f"|(?<={_PIECE})\u00ad++{_PIECE}\u00ad++{_PIECE}\u00ad++(?={_PIECE})"
    f"|(?<=[{_LETTERS}])(?!\u2060[-/\u00a0\u202f]|(?<=f)\u200c[bfhijklt])[{_UNSEEN}]++"
    f"(?:(?=[{_LETTERS}])|{_FILLING}(?=[{_APART}]|\\Z))"
    f"|(?<![^{_APART}])(?!(?<=[-/])\u2060)[{_UNSEEN}]++(?=[{_LETTERS}])"
    f"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]+|\U0001f3f4[{_TAGS}]{{8,}}"
    f"|(?<=[{_LETTERS}])[{_SELECTORS}]+|[{_SELECTORS}]{{3,}}"
    f"|(?:\u200b[\u200c\u200d\u2060\ufeff]|\u200c[\u200b\u200d\u2060\ufeff])"
    f"[\u200b-\u200d\u2060\ufeff]{{{LEAST_SPELT - 2},}}"
)
"""Inside a word, at its ends; soft hyphens on both sides of two letters, which no hyphenation sets; tags that are no
flag's; selectors of nothing; many in a row, which can spell a text. Ligatures are parted and lines kept together."""
_BIDI = re.compile(r"[\u202b\u202d\u202e\u2067]")
_FORMULA = (
    "\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a6\u03a8\u03a9"
    "\u03b4\u03b6\u03b8\u03bb\u03bc\u03be\u03c0\u03c2\u03c3\u03c6\u03c8"
)
"""Greek letters that look like no Latin ones: of \u03bcm and \u0394t."""
_OTHER = rf"(?![{_FORMULA}])[\u0370-\u03ff\u0400-\u052f]"
_MIXED = re.compile(rf"(?<=[A-Za-z]){_OTHER}|{_OTHER}(?=[A-Za-z])")
_SUSPECT = re.compile(f"[\u00ad\ufeff\u202b\u202d\u202e\u2067\u0370-\u052f\ufe00-\ufe0e{_UNSEEN}]")
_SUSPECT_14 = b"\xf3\xa0"
"""How tags and the selectors of plane 14 begin in UTF-8."""
_CHARACTERS = (("zero_width", _ZERO_WIDTH), ("bidi", _BIDI), ("mixed_scripts", _MIXED))
_TELLING = re.compile(
    r"&(?:#0{0,4}(?:173|8[89]\d|9\d\d|1[0-3]\d\d|6158|820[3-5]|823[4-8]|82[89]\d|830[0-3]|65\d{3}|917\d{3}|918000)"
    r"|#[xX]0{0,4}(?:[aA][dD]|[345][0-9a-fA-F]{2}|180[eE]|20[0236][0-9a-fA-F]|[fF][eEfF][0-9a-fA-F]{2}|[eE]0[01][0-9a-fA-F]{2})"
    r"|zwnj|zwj|ZeroWidthSpace|NoBreak);",
    re.ASCII,
)
"""A character of HTML by its number or name, as far as it can be one of these."""
_REFERENCE = re.compile(r"&(?:#(?:[0-9]{2,7}|[xX][0-9a-fA-F]{2,6})|zwnj|zwj|ZeroWidthSpace|NoBreak|nbsp);", re.ASCII)
MOST_TRIED = 500
"""Places of one kind that are looked at: where so many mean nothing, all do."""
_WORD_BEFORE, _WORD_AFTER = re.compile(r"\w{0,40}\Z"), re.compile(r"\w{0,40}")


def characters(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the first of each kind of such a character: kind, its word with escapes, its word."""
    # One class is found ten times faster than what may stand around it, and a class of one plane twice as fast.
    if _SUSPECT.search(text) is None and _SUSPECT_14 not in text.encode("utf-8", "surrogatepass"):
        return
    for kind, pattern in _CHARACTERS:
        found = next((one for one in islice(pattern.finditer(text), MOST_TRIED) if _means(kind, one)), None)
        if found is not None:
            before = _WORD_BEFORE.search(text[max(0, found.start() - 40) : found.start()])
            after = _WORD_AFTER.match(text, found.end())
            word = f"{before[0] if before else ''}{found[0]}{after[0] if after else ''}"
            yield kind, word.encode("unicode_escape").decode("ascii"), word


def _means(kind: str, found: re.Match[str]) -> bool:
    if kind == "bidi":
        return turns(found.string, found.start())
    if kind == "zero_width" and _is_needed(found):
        return False
    return not is_misread(found.string, found.start(), found.end())


def _is_needed(found: re.Match[str]) -> bool:
    """Whether a script around it needs it; none does between two Latin letters."""
    text, start, end = found.string, found.start(), found.end()
    if not _LAYOUT.fullmatch(found[0]) or (_LATIN.match(text, max(0, start - 1)) and _LATIN.match(text, end)):
        return False
    return len(found[0]) < LEAST_SPELT and _NEEDING.search(text, max(0, start - NEAR), end + NEAR) is not None


def named_characters(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the characters that a page names by their numbers: kind, the word with escapes, the number as written."""
    if _TELLING.search(text) is None:
        return
    known = {kind for kind, _, _ in characters(text)}
    for kind, shown, word in characters(_REFERENCE.sub(lambda found: unescape(found[0]), text)):
        if kind not in known:
            written = next((one[0] for one in _REFERENCE.finditer(text) if unescape(one[0]) in word), "")
            yield kind, shown, written
