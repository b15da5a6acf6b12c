r"""What makes two spellings one word, for the index and for what is asked alike.

Compatibility forms (NFKC), case, ligatures (``œ`` is ``oe``), characters that show nothing (a soft hyphen, a zero-width
space) or are of private use (bullets of old fonts: who hides a word with such does not hide it here) and points of
Arabic and Hebrew are folded here; diacritics on Latin letters are left to the tokenizer. Scripts that put no space
between words are cut into overlapping pairs of
characters: most Chinese words have two, and an index of three characters at a time cannot find them.
"""

import re
from unicodedata import category, normalize

VERSION = 2
"""Raised when a text can be folded otherwise: an index made before does not answer what is asked now."""

IGNORED = (
    "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufffe\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
"""Characters that are no part of a word, for a regular expression's class."""
_SIGNED = ((0x0900, 0x0E00), (0x0E00, 0x0F00), (0x0F71, 0x0FBD), (0x1000, 0x10A0), (0x1780, 0x17D4))
"""Scripts of India, Thai, Lao, Tibetan, Burmese, Khmer: their vowel signs are parts of words and no letters."""
_CODES = [code for first, end in _SIGNED for code in range(first, end)]
MARKS = "".join([chr(code) for code in _CODES if category(chr(code)) in ("Mn", "Mc")])
"""These signs, for a class as well."""
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eb9\u0ebb-\u0ecd\u1000-\u103f\u1050-\u108f\u1780-\u17b3\u17b6-\u17d3"
    "\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
)
"""Thai, Lao, Myanmar, Khmer, kana, Han; and Hangul, whose words carry their particles."""
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_IGNORE = re.compile(f"[{IGNORED}]+")
_RUN = re.compile(f"[{_UNSPACED}]+")
_ACCENTED = re.compile(f"[{_GREEK}]+")
_TOKEN = re.compile(f"(?:[^\\W_]|[{MARKS}])+")
_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]+")
"""Letters whose diacritics the tokenizer takes off."""
_SPECIAL = re.compile(f"[{IGNORED}{_UNSPACED}{_GREEK}œæё\ud800-\udfff]")
"""What most texts lack: one search saves the others."""
_LETTERS = {ord("œ"): "oe", ord("æ"): "ae", ord("ё"): "е", **dict.fromkeys(range(0xD800, 0xE000), " ")}
"""Ligatures, a letter that is mostly written without its points, and halves of characters, which SQLite refuses."""


def fold(text: str) -> str:
    """Return a text as the tokenizer of the index is given it: the same for spellings that are one word."""
    if text.isascii():
        return text  # the tokenizer folds its case
    folded = normalize("NFKC", text).casefold()
    if _SPECIAL.search(folded) is None:
        return folded
    folded = _IGNORE.sub("", normalize("NFKC", folded)).translate(_LETTERS)
    return _RUN.sub(_pairs, _ACCENTED.sub(_unaccented, folded))


def fold_word(word: str) -> list[str]:
    """Return the tokens that the index has of a word: one, or pairs of characters of a script without spaces."""
    folded = fold(word)
    if folded.isascii():
        return _TOKEN.findall(folded.lower())
    return [_LATIN.sub(_unaccented, token) for token in _TOKEN.findall(folded)]


def asked_of(tokens: list[str]) -> tuple[tuple[str, ...], bool]:
    """Return what a question's words are looked for as, and whether the last of them may go on.

    The last character of a run without spaces begins no pair: it is the second one of the pair before it, or, where it
    is asked for alone, the first one of any.
    """
    if not tokens or _RUN.fullmatch(tokens[-1]) is None or len(tokens[-1]) > 1:
        return tuple(tokens), False
    before = tokens[-2] if len(tokens) > 1 else ""
    if len(before) > 1 and before.endswith(tokens[-1]) and _RUN.fullmatch(before):
        return tuple(tokens[:-1]), False
    return tuple(tokens), True


def _pairs(match: re.Match[str]) -> str:
    """Return a run cut into pairs, each character the first of one; the last stands alone."""
    run = match[0]
    return f" {' '.join([run[at : at + 2] for at in range(len(run))])} "


def _unaccented(match: re.Match[str]) -> str:
    return normalize("NFC", _IGNORE.sub("", normalize("NFD", match[0])))
