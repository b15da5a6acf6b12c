"""A document is not as its original in a reference source has it: in words, in what it says of itself, or in its parts.

What a gateway, a labelling server or a program does that packs a document anew is left out
(`forensics.relations.comparing`). Two texts of one save, by the same time and count of saves, are no versions: each
save has a text. A document that only its text ties to an original, and that was saved at another time, may be another
version of it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._compared import cite_against
from forensics.checks._words import SHOWN, words
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compared import compared
from forensics.model.comparing import ComparedItem, ComparedLine, Difference
from forensics.model.documents import SAVES
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Sentence, says

_WORDS = ("words", "text_added", "text_removed")
_BY_TEXT = ("near_text", "claims")
"""What ties a document to an original that has neither its place nor its name nor its text."""

RULE = Rule(
    id="case.reference_document",
    version=1,
    title="A document not as the reference has it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.ORIGINAL,
    bins=(
        Bin("same_save"),
        Bin("words"),
        Bin("version", ceiling=Strength.WEAK),
        Bin("properties", ceiling=Strength.MODERATE),
        Bin("parts", ceiling=Strength.MODERATE),
    ),
    group="reference",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("later_version", "patch_tool", "updated_fields"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:CMP-1", "kb:CMP-3"),
)

_SAID = {
    "changed": says(
        "rule.case.reference_document.changed",
        one="The original in the reference says “{one}” where the document here says “{other}” ({what}).",
        many=(
            "{n} things are not as the original in the reference has them. The first: the original says “{one}” where"
            " the document here says “{other}” ({what})."
        ),
    ),
    "added": says(
        "rule.case.reference_document.added",
        one="The original in the reference does not have “{other}”, which stands in the document here ({what}).",
        many=(
            "{n} things are not as the original in the reference has them. The first: the original does not have"
            " “{other}”, which stands in the document here ({what})."
        ),
    ),
    "removed": says(
        "rule.case.reference_document.removed",
        one="The original in the reference has “{one}”, which is missing in the document here ({what}).",
        many=(
            "{n} things are not as the original in the reference has them. The first: the original has “{one}”, which"
            " is missing in the document here ({what})."
        ),
    ),
    "same_save": says(
        "rule.case.reference_document.same_save_at",
        one=(
            "The document and its original in the reference say that they were saved at the same time, and do not have"
            " the same text ({what}): {one} in the original, {other} here."
        ),
        many=(
            "The document and its original in the reference say that they were saved at the same time, and do not have"
            " the same text in {n} places, the first ({what}): {one} in the original, {other} here."
        ),
    ),
}
_IN_PART = says(
    "rule.case.reference_document.in_part",
    one="{said} Not all of both was compared, or not all that differs is told: more may differ.",
)
MOST = 10
"""Differences of one document that are quoted."""

ROWS_NEEDED = {"counterparts": 1, "documents": 1}

QUERY = """
WITH saved AS (SELECT sha256, any_value(modified) AS modified FROM originals WHERE document GROUP BY sha256)
SELECT c.sha256, compared, matched_by, s.modified IS NOT NULL AND d.modified.wall IS NOT NULL
       AND s.modified = coalesce(d.modified.instant, d.modified.wall) AS same_time
FROM counterparts c JOIN documents d USING (sha256) JOIN saved s ON s.sha256 = original_sha256
WHERE NOT mail AND outcome = 'differs' ORDER BY c.sha256, original_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document that differs from its original."""

    sha256: str
    compared: str
    """JSON text of a `ComparedLine`."""
    matched_by: str
    same_time: bool
    """Whether both state the same time of their last save."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each document once, with the gravest difference first; of a comparison the one is the original."""
    for row in rows:
        line = msgspec.json.decode(row.compared, type=ComparedLine)
        if line.one is not None and line.other is not None:
            found = sorted([one for one in line.differences if not one.lawful], key=_gravity)
            yield _observation(line.one, line.other, found, _bin(row, found), whole=line.whole)


def _gravity(difference: Difference) -> int:
    return 0 if difference.kind in _WORDS else 1 if difference.kind == "property" else 2


def _bin(row: Row, found: list[Difference]) -> str:
    if found[0].kind not in _WORDS:
        return "properties" if found[0].kind == "property" else "parts"
    if row.same_time and SAVES.isdisjoint([one.name for one in found]):
        return "same_save"
    return "version" if row.matched_by in _BY_TEXT else "words"


def _observation(
    original: ComparedItem, item: ComparedItem, found: list[Difference], gravest: str, *, whole: bool
) -> Observation:
    alike = [one for one in found if _gravity(one) == _gravity(found[0])]
    said = _sentence(found[0], gravest, len(alike))
    return Observation(
        sentence=said if whole else _IN_PART(said=said),
        bin=gravest,
        evidence=tuple(cite_against(found[:MOST], original, item)),
        suspect="body" if gravest in ("same_save", "words", "version") else gravest,
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=item.sha256, location=item.location),
            SubjectRef(role=Role.WITNESS, sha256=original.sha256, location=original.location),
        ),
    )


def _sentence(first: Difference, gravest: str, n: int) -> Sentence:
    if gravest == "same_save":
        return _SAID["same_save"](n, what=first.name, one=words(first.one.value), other=words(first.other.value))
    one, other = first.one.value[:SHOWN], first.other.value[:SHOWN]
    form = "changed" if one and other else "removed" if one else "added"
    return _SAID[form](n, what=first.name, one=one, other=other)


def _row(*found: Difference, matched_by: str = "path", same_time: bool = False, whole: bool = True) -> Row:
    return Row(
        sha256="0" * 64,
        compared=compared("1", "0", *found, matched_by=matched_by, whole=whole),
        matched_by=matched_by,
        same_time=same_time,
    )


def _said(value: str) -> Located:
    return Located(value, value.encode(), Locator(ranges=((300, 300 + len(value)),), path="xml:word/document.xml"))


def cases() -> Iterator[Case]:
    """Cases of a word, a property, a part, and of a version."""
    word = Difference(kind="words", name="word/document.xml", one=_said("before"), other=_said("after"))
    date = Difference(kind="property", name="core_created", one=_said("3 May"), other=_said("4 May"))
    saves = Difference(kind="property", name="ooxml.revision", one=_said("3"), other=_said("4"))
    part = Difference(kind="member_added", name="word/media/image2.png", other=_said("12 bytes"))
    yield fires((_row(part, word, same_time=True),), "two texts of one save", bin="same_save")
    yield fires((_row(word),), "another word, saved at another time", bin="words")
    yield fires((_row(saves, word, same_time=True),), "one minute, two saves", bin="words")
    yield fires((_row(word, matched_by="near_text"),), "tied by its text alone, another save", bin="version")
    yield fires((_row(word, matched_by="near_text", same_time=True),), "by its text alone, one save", bin="same_save")
    yield fires((_row(date, part),), "the same text, another date", bin="properties")
    yield fires((_row(part),), "a part that the original does not have", bin="parts")
    yield fires((_row(part, whole=False),), "their words could not be compared", bin="parts")
    yield silent((), "no document differs")
