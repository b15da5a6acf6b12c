"""Which version of Word or Excel the parts of a package were written by: what their roots declare.

Word and Excel declare at the root of each part that they write the namespaces that they know, whatever stands in it;
a later version knows more. What a program does not understand it keeps below the root, not there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.office_package import claims_office, fact_named, facts_named

_WORD = (
    ("word/2010/wordml", 14),
    ("word/2012/wordml", 15),
    ("word/2015/wordml/symex", 16),
    ("word/2016/wordml/cid", 16),
    ("word/2018/wordml/cex", 16),
    ("word/2020/wordml/sdtdatahash", 16),
)
"""Namespaces in the order in which Word came to know them, and its major version from which on it does.

Left out is the next (2023): builds of some months declare it in the text and not in the other parts.
"""
_LEAST = 12
_EXCEL: dict[str, tuple[tuple[str, int], ...]] = {
    "xl/workbook.xml": (("spreadsheetml/2010/11/main", 15), ("spreadsheetml/2014/revision", 16)),
    "xl/styles.xml": (("spreadsheetml/2009/9/ac", 14), ("spreadsheetml/2015/02/main", 16)),
}
_OF_EXCEL: dict[str, dict[int, tuple[int, ...]]] = {
    "xl/workbook.xml": {12: (12,), 14: (12,), 15: (15,), 16: (15, 16)},
    "xl/styles.xml": {12: (12,), 14: (14,), 15: (14,), 16: (16,)},
}
"""By what a version declares in each part: the version that its newest namespace is of."""
_EDITED = {"4": (12,), "5": (14,), "6": (15, 16), "7": (16,)}
"""``lastEdited`` of a workbook to major versions of Excel."""


class Declared(NamedTuple):
    """What the root of a part declares."""

    part: str
    known: tuple[str, ...]
    """Of the namespaces that tell versions apart those that it has, oldest first."""
    version: int
    """Major version of the newest of them; 12 where there is none."""
    fact: Fact


def declared(document: DocumentFacts) -> list[Declared]:
    """Return what the roots of the parts declare; nothing of a document that does not name desktop Word or Excel."""
    if major(document) is None:
        return []
    found = []
    for fact in facts_named(document, "ooxml.namespaces"):
        part, _, rest = fact.value.partition(" ")
        there = frozenset(rest.split())
        table = _EXCEL.get(part, ()) if document.format == "ooxml.excel" else _WORD if part.startswith("word/") else ()
        if table:
            known = tuple([name for name, _ in table if name in there])
            version = max([version for name, version in table if name in there], default=_LEAST)
            found.append(Declared(part, known, version, fact))
    return found


def major(document: DocumentFacts) -> int | None:
    """Return the major version of desktop Word or Excel that a package names; ``None``: it names none."""
    version = fact_named(document, "ooxml.app_version")
    if document.format not in ("ooxml.word", "ooxml.excel") or version is None or not claims_office(document):
        return None
    return int(version.value.partition(".")[0])


def fits(document: DocumentFacts, one: Declared, version: int) -> bool:
    """Whether a version of the program writes such a root."""
    if document.format == "ooxml.excel":
        table = _OF_EXCEL[one.part]
        return version not in table or one.version in table[version]
    return version == one.version or version not in (12, 14, 15, 16)


def unlike(document: DocumentFacts) -> tuple[Declared, Declared] | None:
    """Return two parts of a text that one build cannot have written at one save; ``None``: there are none."""
    parts = declared(document) if document.format == "ooxml.word" else []
    return next(((parts[0], one) for one in parts[1:] if one.known != parts[0].known), None)


def edited(document: DocumentFacts) -> Iterator[tuple[Fact, tuple[int, ...]]]:
    """Yield what a workbook says of the version that edited it last, with the major versions that write this."""
    said = fact_named(document, "ooxml.workbook_last_edited")
    if document.format == "ooxml.excel" and said is not None and said.value in _EDITED:
        yield said, _EDITED[said.value]
