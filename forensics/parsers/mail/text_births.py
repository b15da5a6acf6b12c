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
    raw, start = place or body.beginning
    number, exact = body.part.number or "1", place is not None
    named = f"U+{ord(shown):04X}" if kind == "born_character" else shown[:200]
    return BodyMark(kind=kind, shown=named, part=number, raw=raw, start=start, exact=exact)


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
            if born:
                yield "born_link", born, found[0]
    for word, born in births.word_births().items():
        if (shown := word.decode("ascii")) in text:
            yield "born_word", born, shown
