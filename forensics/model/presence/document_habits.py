"""What a document shows of the habits and the machine of whoever saved it, in words that can be compared."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from forensics.model.documents import DocumentFacts
from forensics.model.presence.office_package import fact_named
from forensics.model.time_kinds import TimeKind

KINDS = (
    "program",
    "writer",
    "system",
    "language",
    "text_language",
    "separators",
    "code_page",
    "page",
    "template",
    "company",
    "offset",
)
"""Kinds of habits, in the order in which they are told."""
MOST_LETTERS = 120
MOST_DIGITS = 7
LEAST = 3
"""Habits of which a document must show that many to be compared."""

_FORM = re.compile(r"\d+ members?: (made by \d+ on \d+), needs \d+, (flags [0-9a-f]+), (1980-01-01|dated), .*")
_ROUNDED = 50
"""Twentieths of a point: A4 is 11900 to 11909 wide, by program."""
_QUARTER = 15 * 60 * 10_000_000


def habits(document: DocumentFacts) -> list[str]:
    """Return them as ``kind=value``, each kind once, in the order of `KINDS`; of images and PDF files none."""
    if not document.format.startswith(("ooxml.", "ole2.")):
        return []
    found = dict(_found(document))
    return [f"{kind}={found[kind][:MOST_LETTERS]}" for kind in KINDS if found.get(kind)]


def _found(document: DocumentFacts) -> Iterator[tuple[str, str]]:
    def said(*names: str) -> str:
        facts = [fact_named(document, name) for name in names]
        return " ".join([fact.value.strip() for fact in facts if fact is not None and fact.value.strip()])

    yield "program", document.application
    form = _FORM.fullmatch(said("ooxml.package_form"))
    yield "writer", " ".join(form.groups()) if form else ""
    yield "system", said("ole2.system")
    yield "language", said("ooxml.theme_language") or said("doc.language")
    yield "text_language", _most(said("ooxml.languages"))
    yield "separators", said("ooxml.decimal_symbol", "ooxml.list_separator")
    yield "code_page", said("ole2.codepage")
    yield "page", _page(_most(said("ooxml.page_sizes")))
    yield "template", said("ooxml.template") or said("ole2.template")
    yield "company", said("ooxml.company") or said("ole2.company")
    yield "offset", _offset(document)


def _most(counted: str) -> str:
    """Return the value that stands first in ``value:count``, the most frequent."""
    return counted.partition(" ")[0].rpartition(":")[0]


def _page(size: str) -> str:
    """Return a size of paper as programs round it in the same way, upright; empty where it is none."""
    sides = [int(side) for side in size.split("x") if side.isdecimal() and len(side) < MOST_DIGITS]
    return "x".join([str(round(side / _ROUNDED) * _ROUNDED) for side in sorted(sides)]) if len(sides) == 2 else ""


def _offset(document: DocumentFacts) -> str:
    """Return the offset from UTC at which most changes were tracked, in minutes; empty where none is in both times."""
    apart: Counter[int] = Counter()
    for one, next_one in pairwise(document.timestamps):
        # Of one change the time in UTC stands behind that of its author's clock.
        if one.kind is TimeKind.TRACKED_CHANGE and next_one.kind is TimeKind.TRACKED_CHANGE_UTC:
            wall, instant = one.wall, next_one.instant
            if isinstance(wall, int) and isinstance(instant, int):
                apart[round((wall - instant) / _QUARTER) * 15] += 1
    return f"{apart.most_common(1)[0][0]:+d} min" if apart else ""
