"""Two files of one name say they are of one save, and are not the same: one was changed without being saved as such.

A program that saves a document gives it the time of that save; what changes it otherwise (a tool, a gateway, a hand)
leaves that time. Only files of one name, one format, one creation and one save are compared, and not where the program
gives these times to all that it makes. Where they differ in some words `case.document_differs` says it, and in which.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from forensics.checks import settle
from forensics.checks._document_pairs import TOLD
from forensics.checks._facts import cite_row, settled, shown
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.model.documents import DATED_FROM
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.times import TimeRow
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

RULE = Rule(
    id="case.same_save_differs",
    version=2,
    title="Two files of one save differ",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.CREATED | DocumentHas.MODIFIED | DocumentHas.OFFICE,
    bins=(Bin("authors"), Bin("writer"), Bin("facts"), Bin("bytes")),
    group="copies",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("opened_for_editing", "patch_tool", "other_writer", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:X-08", "kb:O-27"),
)

_SAID = {
    "facts": says(
        "rule.case.same_save_differs.facts",
        one=(
            "Two files “{name}” both say they were created at {created} and last saved at {saved}, and are not the "
            "same ({size} and {other_size} bytes); of what they say of themselves there differ: {facts}."
        ),
    ),
    "bytes": says(
        "rule.case.same_save_differs.bytes",
        one=(
            "Two files “{name}” both say they were created at {created} and last saved at {saved}, and are not the "
            "same ({size} and {other_size} bytes), though their texts and properties agree as far as they are read."
        ),
    ),
}
_USER = says(
    "note.user_of_opening", one="They differ in the name of the user, which is written where a file is opened."
)

ROWS_NEEDED = {"documents": 2}

LEAST_OTHERS = 2
"""Further contents with both times, under other names, of which these times are a program's constant."""
_SHOWN = 6
_WRITER = frozenset(("ooxml.package_form", "ooxml.prologue", "ooxml.first_part", "ooxml.app_version", "pdf.producer"))
_USERS = frozenset(("ppt.user", "xls.user"))
"""What is written into a file where it is opened for editing."""

# What stands inside another document is that document's, and takes over its names: it is not compared. A PDF that was
# never saved again has one time, and a script writes several of one name in one second.
QUERY = f"""
WITH dated AS MATERIALIZED (
    SELECT sha256, format, created, modified, coalesce(created.instant, created.wall) AS made,
           coalesce(modified.instant, modified.wall) AS saved
    FROM documents WHERE saved >= {DATED_FROM} AND NOT starts_with(format, 'image.') AND
                         made IS NOT NULL AND (format <> 'pdf' OR made <> saved)),
again AS MATERIALIZED (
    SELECT format, made, saved, count(*) AS contents FROM dated GROUP BY ALL HAVING count(*) > 1),
named AS MATERIALIZED (
    SELECT sha256, lower(o."name") AS "name", arg_min(o."name", location_text) AS written,
           arg_min(location, location_text) AS location, any_value(o.size) AS size
    FROM occurrences o SEMI JOIN (SELECT sha256 FROM dated SEMI JOIN again USING (format, made, saved)) USING (sha256)
    WHERE o."name" <> '' AND parent_sha256 NOT IN (SELECT sha256 FROM documents) GROUP BY ALL),
found AS (
    SELECT a."name", min(a.sha256) AS sha256, format, made, saved, any_value(contents) AS contents,
           count(*) AS same_name
    FROM named a JOIN dated d USING (sha256) JOIN again USING (format, made, saved)
    GROUP BY a."name", format, made, saved HAVING count(*) > 1),
told AS (SELECT sha256, other_sha256 FROM document_copies JOIN documents USING (sha256) WHERE {TOLD})
SELECT f."name", a.written, f.sha256,
       b.sha256 AS other_sha256, x.created, x.modified, y.modified AS other_modified, a.location,
       b.location AS other_location, a.size, b.size AS other_size, contents - same_name AS others,
       x.author.value AS author, y.author.value AS other_author, x.last_author.value AS last_author,
       y.last_author.value AS other_last_author,
       x.words_sha256 <> y.words_sha256 AND x.words_sha256 <> '' AND y.words_sha256 <> '' AS texts,
       [p."name" || '=' || p."value" FOR p IN x.properties] AS facts,
       [p."name" || '=' || p."value" FOR p IN y.properties] AS other_facts
FROM found f JOIN named a ON a."name" = f."name" AND a.sha256 = f.sha256
JOIN named b ON b."name" = f."name" AND b.sha256 > f.sha256
JOIN dated d ON d.sha256 = b.sha256 AND d.format = f.format AND d.made = f.made AND d.saved = f.saved
JOIN documents x ON x.sha256 = f.sha256 JOIN documents y ON y.sha256 = b.sha256
ANTI JOIN told ON told.sha256 = f.sha256 AND told.other_sha256 = b.sha256
ORDER BY f."name", f.sha256, b.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Two contents of one name, one creation and one save."""

    name: str
    """In lower case."""
    written: str
    sha256: str
    other_sha256: str
    created: TimeRow
    modified: TimeRow
    other_modified: TimeRow
    location: Location
    other_location: Location
    size: int
    other_size: int
    others: int
    """Further contents with these two times, under other names."""
    author: str
    other_author: str
    last_author: str
    other_last_author: str
    texts: bool
    """Whether both have one that was read to its end, and these differ."""
    facts: list[str]
    """``name=value`` of each property."""
    other_facts: list[str]


class _Differing(NamedTuple):
    bin: str
    """By properties: texts of documents that a program fills differ too."""
    names: tuple[str, ...]


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each pair; times that templates and libraries write are no saves."""
    for row in rows:
        saved = row.modified.instant if row.modified.instant is not None else row.modified.wall
        if row.others >= LEAST_OTHERS or saved is None or is_template_time(saved) or is_library_time(saved):
            continue
        yield _observation(row, _differing(row))


def _differing(row: Row) -> _Differing:
    names = sorted({one.partition("=")[0] for one in set(row.facts) ^ set(row.other_facts)})
    if row.author != row.other_author:
        names.insert(0, "author")
    if row.last_author != row.other_last_author:
        names.insert(0, "last author")
    telling = set(names) - _USERS
    if not telling:
        name = "bytes"
    elif telling & {"author", "last author"}:
        name = "authors"
    else:
        name = "writer" if telling & _WRITER else "facts"
    return _Differing(name, ("text", *names) if row.texts else tuple(names))


def _observation(row: Row, differing: _Differing) -> Observation:
    values = {"name": row.written[:120], "created": shown(row.created), "saved": shown(row.modified)}
    values |= {"size": f"{row.size:,}", "other_size": f"{row.other_size:,}"}
    if differing.names:
        more = ", …" if len(differing.names) > _SHOWN else ""
        values["facts"] = ", ".join(differing.names[:_SHOWN]) + more
    return Observation(
        sentence=_SAID["facts" if differing.names else "bytes"](**values),
        bin=differing.bin,
        evidence=(
            cite_row("last save", row.modified, Role.EQUAL, row.sha256, row.location),
            cite_row("last save", row.other_modified, Role.EQUAL, row.other_sha256, row.other_location),
        ),
        suspect=f"file:{row.name[:120]}",
        subjects=(
            SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
            SubjectRef(role=Role.EITHER, sha256=row.other_sha256, location=row.other_location),
        ),
        benign=tuple(_causes(differing)),
    )


def _causes(differing: _Differing) -> Iterator[BenignState]:
    if differing.names and _USERS.issuperset(differing.names):
        yield settled("opened_for_editing", State.EXPLAINS, _USER())


def cases() -> Iterator[Case]:
    """Cases of two contents of one save."""

    def row(
        *changed: str,
        author: str = "Anna",
        others: int = 0,
        saved: str = "2017-03-06T10:00:00Z",
        texts: bool = False,
    ) -> Row:
        time = time_row(saved, path="modified")
        return Row(
            name="budget.xlsx",
            written="Budget.xlsx",
            sha256="1" * 64,
            other_sha256="2" * 64,
            created=time_row("2017-03-01T10:00:00Z", path="created"),
            modified=time,
            other_modified=time,
            location=location("leak/budget.xlsx"),
            other_location=location("leak/1.eml"),
            size=9_411,
            other_size=9_470,
            others=others,
            author="Anna",
            other_author=author,
            last_author="Anna",
            other_last_author="Anna",
            texts=texts,
            facts=["ooxml.revision=2"],
            other_facts=["ooxml.revision=2", *changed],
        )

    yield fires((row(author="Ben"),), "another author", bin="authors")
    yield fires((row("ooxml.prologue=x"),), "written by another program", bin="writer")
    yield fires((row("ooxml.words=12"),), "another number of words", bin="facts")
    yield fires((row(),), "nothing that is read differs", bin="bytes")
    yield fires((row(texts=True),), "two texts that share little", bin="bytes")
    yield explained((row("ppt.user=Ben"),), "opened by another user", by="opened_for_editing")
    yield silent((row(others=3),), "times that a program gives to all its files")
    yield silent((row(saved="2013-12-23T23:15:00Z"),), "the time of a library's blank document")
