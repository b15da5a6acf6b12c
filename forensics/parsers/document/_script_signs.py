"""What else of a document shows a script: letters beside given words, languages that are written in it, fonts for it.

Who types in a script has a keyboard, a language and fonts for it, and leaves marks of them: in names, styles and
properties, in the languages of runs, in the character sets of fonts, in the code page of an old document.

Source: ECMA-376 part 1, 17.3.2.20 (lang), 17.8.3.2 and 18.4.1 (charset); MS-OLEPS 2.18.1 (code pages).
"""

import re
from collections.abc import Iterable, Set
from html import unescape

from forensics.model.facts import Fact
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_texts import MAX_PARTS

_XML = (b".xml", b".rels", b".vml", b".rdf")
_TAG = re.compile(r"<[^<>]*+>")
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
_CODE_PAGE = "codepage"
_OF_TEXTS = "text."


def in_text(text: str, script: str, words: Iterable[str]) -> bool:
    """Whether a text has letters of a script beside the words."""
    if _LETTERS[script].search(text) is None:
        return False
    for word in words:
        text = text.replace(word, "")
    return _LETTERS[script].search(text) is not None


def in_parts(package: Package, script: str, words: Set[str]) -> bool:
    """Whether any XML part has letters of a script beside the words, or names a language or a font of it."""
    names = [name for name in package.names if name.lower().endswith(_XML)]
    if len(names) > MAX_PARTS:
        return True
    for name in names:
        layer = package.layer(name)
        if layer is None:
            return True
        data = layer.data
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data.decode("utf-16", "replace").encode("utf-8", "replace")
        if _MARKED[script].search(data) is not None:
            return True
        if _LEADS[script].search(data) is not None:
            text = unescape(data.decode("utf-8", "replace"))
            if in_text(" ".join(_TAG.findall(text)), script, words) or in_text(_TAG.sub("", text), script, words):
                return True
    return False


def in_facts(facts: Iterable[Fact], script: str, words: Set[str]) -> bool:
    """Whether what a document says of itself has letters of a script, or a code page for it."""
    return any(
        in_text(one.value, script, words)
        or (one.name.endswith(_CODE_PAGE) and one.value.split(" ")[0] in _CODE_PAGES[script])
        for one in facts
        if not one.name.startswith(_OF_TEXTS)
    )
