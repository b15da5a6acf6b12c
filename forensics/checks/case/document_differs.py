"""Two documents are nearly one, and do not say the same: of one save, or of two programs.

A save has one text. Two documents of one format that say that they were made and last saved at the same times, by the
same count of saves and the same sessions, and whose texts differ, were not both saved so: whoever edits a file outside
its program leaves its properties as they are. Programs that fill a template do that too, and make many of one.

Two documents that differ in a word, a number or a "not", and whose packages different programs wrote, are how a leak is
tainted in which a second copy lies; a later version that another program saved looks the same.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._compared import Places, cite_both
from forensics.checks._document_pairs import (
    BY_LIBRARY,
    IN_ITS_PLACE,
    IN_MARGINS,
    MOST,
    OFFICE,
    OTHERS,
    is_save,
    only_margins,
)
from forensics.checks._facts import settled
from forensics.checks._words import words
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.compared import compared, said
from forensics.examples.times import time_row
from forensics.model.comparing import ComparedLine, Difference
from forensics.model.documents import SAVES
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

_WORDS = ("words", "text_added", "text_removed")
_EDITS = frozenset(("word", "number", "negation", "address", "inserted", "deleted", "two_words"))
"""Kinds of differences that change what is said, and that no program makes."""

RULE = Rule(
    id="case.document_differs",
    version=2,
    title="Two documents that are one but for some words",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.TEXT,
    bins=(Bin("same_save"), Bin("other_writer", ceiling=Strength.MODERATE)),
    group="copies",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("filled_form", "later_version", "updated_fields", "patch_tool", "library_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:CMP-1", "kb:CMP-3", "kb:CMP-6"),
)

_SAID = {
    "same_save": says(
        "rule.case.document_differs.same_save_at",
        one=(
            "Two documents say that they were made and last saved at the same times, and differ in one place ({what}):"
            " {one} in one, {other} in the other. A save has one text."
        ),
        many=(
            "Two documents say that they were made and last saved at the same times, and differ in {n} places, the"
            " first ({what}): {one} in one, {other} in the other. A save has one text."
        ),
    ),
    "other_writer": says(
        "rule.case.document_differs.other_writer_at",
        one=(
            "The texts of two documents are the same but for one place ({what}), {one} in one, {other} in the other,"
            " and different programs packed these documents."
        ),
        many=(
            "The texts of two documents are the same but for {n} places, the first ({what}): {one} in one, {other} in"
            " the other, and different programs packed these documents."
        ),
    ),
}
_IN_PART = says(
    "rule.case.document_differs.in_part",
    one="{said} Not all of both was compared, or not all that differs is told: more may differ.",
)

MOST_EDITS = 3
"""Places at which two documents of different programs differ."""
MOST_OF_SAVE = 2
"""Documents of one save; more were made of one template."""
_QUOTED = 10

ROWS_NEEDED = {"documents": 2}

QUERY = """
WITH packed AS (
    SELECT sha256, list_sort(list_distinct([regexp_extract(p.value, 'made by [0-9]+ on [0-9]+') FOR p IN properties
           IF p."name" = 'ooxml.package_form'])) AS writers
    FROM documents WHERE sha256 IN (SELECT sha256 FROM document_copies UNION SELECT other_sha256 FROM document_copies)),
saves AS (
    SELECT format, coalesce(created.instant, created.wall) AS made, coalesce(modified.instant, modified.wall) AS saved,
           count(DISTINCT CASE WHEN letters_sha256 = '' THEN sha256 ELSE letters_sha256 END) AS n
    FROM documents GROUP BY ALL)
SELECT c.sha256, tied_by, c.kinds, c.properties, c.places, c.compared, d.format,
       s.saved, coalesce(s.n, 0) AS same, x.writers, y.writers AS other_writers
FROM document_copies c JOIN documents d USING (sha256) JOIN packed x USING (sha256)
JOIN packed y ON y.sha256 = other_sha256
LEFT JOIN saves s ON s.format = d.format AND s.made = coalesce(d.created.instant, d.created.wall)
    AND s.saved = coalesce(d.modified.instant, d.modified.wall)
ORDER BY c.sha256, other_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Two documents whose texts are nearly one and do not say the same."""

    sha256: str
    tied_by: str
    kinds: tuple[str, ...]
    properties: tuple[str, ...]
    places: int
    compared: str
    """JSON text of a `ComparedLine`."""
    format: str
    """Of the one."""
    saved: int | None
    """When it says that it was last saved."""
    same: int
    """Texts here of documents with its format and times."""
    writers: tuple[str, ...]
    """Marks of the members of the one's package; none: it is no package."""
    other_writers: tuple[str, ...]


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each pair once; that texts are the same but for some words only if they were compared to their ends."""
    few, places = [], Places()
    for row in rows:
        name = _bin(row)
        line = msgspec.json.decode(row.compared, type=ComparedLine) if name or row.places <= MOST_EDITS else None
        if line is None or line.one is None or line.other is None:
            continue
        found = [one for one in line.differences if one.kind in _WORDS]
        places.add(line.one.sha256, line.other.sha256, found)
        if name == "same_save" or (name and line.whole):
            few.append((name, row, line, found))
    for name, row, line, found in few:
        assert line.one is not None and line.other is not None
        form = name == "other_writer" and places.form(line.one.sha256, line.other.sha256, found)
        yield _observation(name, row, line, found, form=form)


def _bin(row: Row) -> str:
    one_save = row.tied_by == "save" and is_save(row.saved, row.format)
    if one_save and row.places <= MOST and SAVES.isdisjoint(row.properties):
        return "same_save"
    edited = row.places <= MOST_EDITS and _EDITS.issuperset(row.kinds)
    return "other_writer" if edited and row.writers and row.other_writers and row.writers != row.other_writers else ""


def _observation(name: str, row: Row, line: ComparedLine, found: list[Difference], *, form: bool) -> Observation:
    first, one, other = found[0], line.one, line.other
    assert one is not None and other is not None
    said = _SAID[name](len(found), what=first.name, one=words(first.one.value), other=words(first.other.value))
    return Observation(
        sentence=said if line.whole else _IN_PART(said=said),
        bin=name,
        evidence=tuple(cite_both(found[:_QUOTED], one, other)),
        suspect="body",
        subjects=(
            SubjectRef(role=Role.EITHER, sha256=one.sha256, location=one.location),
            SubjectRef(role=Role.EITHER, sha256=other.sha256, location=other.location),
        ),
        benign=tuple(_causes(name, row, found, form=form)),
    )


def _causes(name: str, row: Row, found: list[Difference], *, form: bool) -> Iterator[BenignState]:
    if only_margins(row.kinds, found):
        yield settled("updated_fields", State.EXPLAINS, IN_MARGINS())
    if name == "same_save" and row.same > MOST_OF_SAVE:
        yield settled("filled_form", State.EXPLAINS, OTHERS(same=str(row.same)))
    if form:
        yield settled("filled_form", State.EXPLAINS, IN_ITS_PLACE())
    if row.writers and row.other_writers and OFFICE not in (*row.writers, *row.other_writers):
        yield settled("library_writer", State.EXPLAINS, BY_LIBRARY())


def cases() -> Iterator[Case]:
    """Cases of one save, of two programs, and of what programs make."""
    office, library = (OFFICE,), ("made by 20 on 3",)

    def row(
        tied_by: str = "save",
        *,
        kinds: tuple[str, ...] = ("number",),
        places: int = 1,
        properties: tuple[str, ...] = (),
        writers: tuple[tuple[str, ...], tuple[str, ...]] = (office, office),
        same: int = 2,
        format: str = "ooxml.word",
        part: str = "word/document.xml",
        saved: str = "2017-03-06T11:00:00Z",
        whole: bool = True,
        other: tuple[str, str] = ("1", "nine"),
    ) -> Row:
        difference = Difference(kind="words", name=part, one=said("seven"), other=said(other[1]))
        return Row(
            sha256="0" * 64,
            tied_by=tied_by,
            kinds=kinds,
            properties=properties,
            places=places,
            compared=compared("0", other[0], *[difference] * places, matched_by="near_text", whole=whole),
            format=format,
            saved=time_row(saved).instant,
            same=same,
            writers=writers[0],
            other_writers=writers[1],
        )

    mixed = office, library
    yield fires((row(),), "two texts of one save", bin="same_save")
    yield fires(
        (row(format="ole2.word", writers=((), ())),), "two texts of one save of a compound file", bin="same_save"
    )
    yield fires((row("name", writers=mixed),), "one number, two programs", bin="other_writer")
    yield fires((row(properties=("ooxml.revision",), writers=mixed),), "two saves, two programs", bin="other_writer")
    yield silent((row(properties=("ooxml.revision",)),), "two saves within a minute")
    yield silent((row(places=MOST + 1, kinds=("passage",)),), "two texts of one template")
    yield silent((row(saved="2013-12-23T23:15:00Z"),), "the time of a library's blank document")
    yield fires((row(whole=False),), "two texts of one save, compared in part", bin="same_save")
    yield silent((row("name", writers=mixed, whole=False),), "one number as far as was compared, two programs")
    yield silent((row(format="pdf"),), "two documents that a program printed in one second")
    yield silent((row("text"),), "two versions that one program saved")
    yield silent((row("name", writers=mixed, kinds=("passage", "word")),), "a passage, two programs")
    yield silent((row("name", writers=mixed, places=MOST_EDITS + 1),), "four places, two programs")
    yield explained((row(same=3),), "three texts of one save", by="filled_form")
    third = row("text", writers=(office, office), other=("2", "eleven"))
    yield explained((row("text", writers=mixed), third), "a third number in the same place", by="filled_form")
    yield explained((row(part="word/footer1.xml"),), "another number of pages", by="updated_fields")
    yield explained((row(part="ole:WordDocument#headers"),), "the same in an old document", by="updated_fields")
    yield fires((row(part="word/footer1.xml", kinds=("word",)),), "another word in a footer", bin="same_save")
    yield explained((row(writers=(library, library)),), "two files of a library", by="library_writer")
