"""What an Office Open XML package says of the program that wrote it: its claim, the marks of its members, its XML."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact

OFFICE_PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
"""How Office for Windows and Mac begins the parts that it writes [kb:OOX-2c]."""
_CLAIMS = re.compile(r"Microsoft (?:Office |Macintosh )?(?:Word|Excel|PowerPoint)")
_VERSION = re.compile(r"\d\d\.\d{4}")
_FORM = re.compile(r"\d+ members?: made by (\d+) on (\d+), needs \d+, flags [0-9a-f]+, (1980-01-01|dated), .*")
_OFFICE_VERSION, _OFFICE_HOST = 45, 0


class Form(NamedTuple):
    """Some members of a package whose headers have the same marks."""

    fact: Fact
    version: int
    host: int
    dated: bool

    @property
    def office(self) -> bool:
        """Whether they have what Office writes, and what hardly any other program does [kb:OOX-1]."""
        return (self.version, self.host) == (_OFFICE_VERSION, _OFFICE_HOST)


def facts_named(document: DocumentFacts, name: str) -> Iterator[Fact]:
    """Yield the properties of a name."""
    return (one for one in document.properties if one.name == name)


def fact_named(document: DocumentFacts, name: str) -> Fact | None:
    """Return the first property of a name."""
    return next(facts_named(document, name), None)


def count_named(document: DocumentFacts, name: str) -> int | None:
    """Return the number that a property gives; ``None``: it is not there."""
    found = fact_named(document, name)
    return int(found.value) if found is not None and found.value.isdigit() else None


def claims_office(document: DocumentFacts) -> bool:
    """Whether its properties name desktop Office, with a version in the form that it writes."""
    application, version = fact_named(document, "ooxml.application"), fact_named(document, "ooxml.app_version")
    if application is None or version is None:
        return False
    return bool(_CLAIMS.fullmatch(application.value) and _VERSION.fullmatch(version.value))


def forms(document: DocumentFacts) -> list[Form]:
    """Return the forms of its members."""
    found = []
    for fact in facts_named(document, "ooxml.package_form"):
        match = _FORM.fullmatch(fact.value)
        if match is not None:
            found.append(Form(fact, int(match[1]), int(match[2]), match[3] == "dated"))
    return found


def office_xml(document: DocumentFacts) -> bool:
    """Whether most of its parts begin as Office begins them."""
    first = next(prologues(document), None)
    return first is not None and first[1] == OFFICE_PROLOGUE


def prologues(document: DocumentFacts) -> Iterator[tuple[str, str, Fact]]:
    """Yield part and beginning, and the fact: first of one part which begins as most do, then of those that do not."""
    for fact in facts_named(document, "ooxml.prologue"):
        part, _, prologue = fact.value.partition(" ")
        yield part, prologue, fact
