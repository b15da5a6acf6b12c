"""Marks in a mail's texts whose birth is known: characters, top-level domains of links, words that programs write.

Only the youngest of each kind is kept: if that one may stand in a mail, all may. Links are read, never followed.

Source: knowledge base D-23, D-25, D-26.
"""

import re
from collections.abc import Iterator

from forensics.knowledge import births
from forensics.model.mail import BodyMark
from forensics.parsers.mail.bodies import Bodies, Body

_HOST = re.compile(r"://(?:[A-Za-z0-9-]{1,63}\.){1,8}([A-Za-z][A-Za-z0-9-]{1,62})(?![\w.-]*@)")
_LINE_END = r"[.=-]?[ \t]{0,9}(?:<br ?/?>)?\r?\n[>| \t]{0,20}"
_CUT = re.compile(
    r"\.{2,}|\u2026|=2E|[\u00ad\u200b\u2060\ufeff]|<wbr"
    rf"|{_LINE_END}(?!www\.|[a-z]{{2,10}}://|[^\s@]{{1,60}}@)(?:[.-]|[^\s<>\"']{{0,100}}(?:>|[./][^\s.]))",
    re.IGNORECASE,
)
"""What follows a host whose rest stands behind it: it is shortened, or parted where a line may end, or the next line
begins with a dot or with the rest of a host, a path or an angle bracket. A link or an address of its own is no rest."""
_LAST_WORD = re.compile(_LINE_END + "[a-z0-9]", re.IGNORECASE)
FULL_LINE = 65
"""Characters of a line that a program may have cut at its width."""


def read_births(bodies: Bodies) -> tuple[BodyMark, ...]:
    """Return the youngest character, link and program's word of a mail's texts."""
    youngest: dict[str, tuple[int, str, Body]] = {}
    for body in bodies.shown:
        part = body.part
        plain = part.decoder == "copy/1" and body.raw.isascii()
        if plain and b"://" not in body.raw and not any(word in body.raw for word in births.word_births()):
            continue
        for kind, born, shown in _of_text(body.text):
            if kind not in youngest or born > youngest[kind][0]:
                youngest[kind] = born, shown, body
    return tuple([_mark(kind, shown, body) for kind, (_, shown, body) in youngest.items()])


def _mark(kind: str, shown: str, body: Body) -> BodyMark:
    place = body.first(shown)
    named = f"U+{ord(shown):04X}" if kind == "born_character" else shown[:200]
    stands = body.located(named, place or body.beginning)
    return BodyMark(kind=kind, shown=stands, part=body.part.number or "1", exact=place is not None)


def _of_text(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield kind, day of birth, and what shows it."""
    if not text.isascii():
        characters = births.character_births()
        for character in characters.keys() & set(map(ord, set(text))):
            yield "born_character", characters[character], chr(character)
    if "://" in text:
        tlds = births.tld_births()
        for found in _HOST.finditer(text):
            born = tlds.get(found[1].lower(), 0)
            if born and not _is_cut(text, found.start(), found.end()):
                yield "born_link", born, found[0]
    for word, born in births.word_births().items():
        if (shown := word.decode("ascii")) in text:
            yield "born_word", born, shown


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a host may go on behind its last letter, so that its last label is no top-level domain."""
    if _CUT.match(text, end):
        return True
    line = text.rfind("\n", max(0, start - FULL_LINE), start) + 1 or max(0, start - FULL_LINE)
    return end - line >= FULL_LINE and _LAST_WORD.match(text, end) is not None
