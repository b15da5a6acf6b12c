"""What else of a document shows a script: letters beside given words, languages that are written in it, fonts for it.

Who types in a script has a keyboard, a language and fonts for it, and leaves marks of them: in names, styles and
properties, in the languages of runs, in the character sets of fonts, in the code page of an old document.

Source: ECMA-376 part 1, 17.3.2.20 (lang), 17.8.3.2 and 18.4.1 (charset); MS-OLEPS 2.18.1 (code pages).
"""

import re
from collections.abc import Collection, Iterable
from html import unescape

from forensics.model.facts import Fact
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_texts import MAX_PARTS

_XML = (b".xml", b".rels", b".vml", b".rdf")
_TAG = re.compile(r"<[^<>]*+>")
_ENDS = re.compile(r"</(?:w:p|a:p|si|text:p|text:h)>")
_LETTERS = {
    "cyrillic": re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]"),
    "greek": re.compile("[\u0370-\u0373\u0376-\u037d\u037f\u0386\u0388-\u03ff\u1f00-\u1fff]"),
}
SCRIPTS = tuple(_LETTERS)
"""Those that are looked for."""
_LEADS = {"cyrillic": re.compile(rb"[\xd0-\xd4]|&#"), "greek": re.compile(rb"[\xcd-\xcf]|\xe1[\xbc-\xbf]|&#")}
"""Bytes without which a part in UTF-8 has none of these letters."""
_LANGUAGES = {
    "cyrillic": rb"(?:ru|uk|be|bg|sr|mk|mn|kk|ky|tg|tt|ba|cv|os|sah|uz-Cyrl|az-Cyrl|bs-Cyrl|ab|ce)",
    "greek": rb"(?:el|grc)",
}
_SETS = {"cyrillic": rb"(?:204|-52|CC)", "greek": rb"(?:161|-95|A1)"}
_MARKED = {
    script: re.compile(
        rb"(?:lang|language)(?:=\"|>)%b(?:-[A-Za-z0-9-]+)?[\"<]|(?:val|eastAsia|bidi)=\"%b-[A-Za-z0-9-]+\""
        rb"|charset(?:\s(?:w:)?val)?=\"%b\"" % (_LANGUAGES[script], _LANGUAGES[script], _SETS[script]),
        re.IGNORECASE,
    )
    for script in _LETTERS
}
_CODE_PAGES = {
    "cyrillic": frozenset({"855", "866", "1251", "10007", "20866", "21866", "28595"}),
    "greek": frozenset({"737", "869", "1253", "10006", "28597"}),
}
MOST_LETTERS = 20_000
"""Of a script that are looked at, of one document; where there are more it is taken to be written in the script too."""
_WORD_BEFORE, _WORD_AFTER = re.compile("[A-Za-z\u0370-\u052f]{0,40}\\Z"), re.compile("[A-Za-z\u0370-\u052f]{1,40}")
_CODE_PAGE = "codepage"
_OF_TEXTS = "text."


def word_at(text: str, at: int) -> str:
    """Return the word of Latin, Greek and Cyrillic letters around a place, at most 40 letters before and behind it."""
    before, after = _WORD_BEFORE.search(text[max(0, at - 40) : at]), _WORD_AFTER.match(text, at)
    return f"{before[0] if before else ''}{after[0] if after else ''}"


def in_text(text: str, script: str, words: Collection[str]) -> bool:
    """Whether a text has letters of a script beside the words."""
    return _looked_at(text, script, words, MOST_LETTERS) is None


def _looked_at(text: str, script: str, words: Collection[str], most: int) -> int | None:
    """Return how many letters of a script there are, all of them in the words; ``None``: one is not, or too many."""
    count = 0
    for count, letter in enumerate(_LETTERS[script].finditer(text), start=1):
        if count > most or word_at(text, letter.start()) not in words:
            return None
    return count


def in_parts(package: Package, script: str, words: Collection[str]) -> bool:
    """Whether any XML part has letters of a script beside the words, or names a language or a font of it."""
    names = [name for name in package.names if name.lower().endswith(_XML)]
    if len(names) > MAX_PARTS:
        return True
    left = MOST_LETTERS
    for name in names:
        layer = package.layer(name)
        if layer is None:
            return True
        data = layer.data
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data.decode("utf-16", "replace").encode("utf-8", "replace")
        if _MARKED[script].search(data) is not None:
            return True
        if _LEADS[script].search(data) is None:
            continue
        count = _in_markup(data.decode("utf-8", "replace"), script, words, left)
        if count is None:
            return True
        left -= count
    return False


def _in_markup(markup: str, script: str, words: Collection[str], most: int) -> int | None:
    """Return the same as `_looked_at` of what tags say and of what stands between them.

    A word may go on behind a tag or end at it: it is one of the words if either reading makes it one.
    """
    said = _looked_at(unescape("\n".join(_TAG.findall(markup))), script, words, most)
    if said is None:
        return None
    for between in ("\n", ""):
        count = _looked_at(unescape(_TAG.sub(between, _ENDS.sub("\n", markup))), script, words, most - said)
        if count is not None:
            return said + count
    return None


def in_facts(facts: Iterable[Fact], script: str, words: Collection[str]) -> bool:
    """Whether what a document says of itself has letters of a script, or a code page for it."""
    return any(
        in_text(one.value, script, words)
        or (one.name.endswith(_CODE_PAGE) and one.value.split(" ")[0] in _CODE_PAGES[script])
        for one in facts
        if not one.name.startswith(_OF_TEXTS)
    )
