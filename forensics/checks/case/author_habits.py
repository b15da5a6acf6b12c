"""A document has marks that no other document has which its claimed last author saved: program, languages, paper.

What a person writes with changes seldom. One new mark is a new program or another office's form; several at once are
somebody else's computer, or a document that somebody else wrote.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.located import LocatedRow
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
from forensics.model.sentences import says

LEAST_OTHERS = 8
"""Other documents of the same format and last author that show a mark of a kind; more than half of them the same."""

RULE = Rule(
    id="case.author_habits",
    version=2,
    title="Marks that no other document of its last author has",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.LAST_AUTHOR | DocumentHas.HABITS,
    bins=(Bin("two", ceiling=Strength.WEAK), Bin("three", ("two",))),
    group="authorship",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.MODERATE,
    benign=("begun_by_another", "shared_account"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:CMP-7",),
)

_SAID = says(
    "rule.case.author_habits",
    one="Of {n} other documents of this kind that {saver} saved last none has the marks of this one: {marks}.",
)
_MARKS = {
    "program": says("rule.case.author_habits.program", one="program {value} (most often {usual})"),
    "writer": says("rule.case.author_habits.writer", one="marks of the package {value} (most often {usual})"),
    "system": says("rule.case.author_habits.system", one="operating system {value} (most often {usual})"),
    "language": says("rule.case.author_habits.language", one="languages of the computer {value} (most often {usual})"),
    "text_language": says(
        "rule.case.author_habits.text_language", one="language of the text {value} (most often {usual})"
    ),
    "separators": says("rule.case.author_habits.separators", one="decimal and list signs {value} (most often {usual})"),
    "code_page": says("rule.case.author_habits.code_page", one="code page {value} (most often {usual})"),
    "page": says("rule.case.author_habits.page", one="paper {value} (most often {usual})"),
    "template": says("rule.case.author_habits.template", one="template {value} (most often {usual})"),
    "company": says("rule.case.author_habits.company", one="company {value} (most often {usual})"),
    "offset": says("rule.case.author_habits.offset", one="time zone of changes {value} (most often {usual})"),
}

ROWS_NEEDED = {"documents": LEAST_OTHERS + 1}

QUERY = f"""
WITH marks AS MATERIALIZED (
    SELECT sha256, format, saver, split_part(mark, '=', 1) AS kind, mark FROM (
        SELECT sha256, format, lower(trim(last_author.value)) AS saver, unnest(habits) AS mark FROM documents)
    WHERE saver <> ''),
counted AS (SELECT saver, format, kind, mark, count(*) AS n FROM marks GROUP BY ALL),
kinds AS (
    SELECT saver, format, kind, sum(n) - 1 AS others, arg_max(mark, (n, mark)) AS usual FROM counted GROUP BY ALL
    HAVING sum(n) > {LEAST_OTHERS} AND 2 * max(n) > sum(n) - 1),
odd AS (
    SELECT m.sha256, min(k.others)::INTEGER AS others,
           list({{'kind': m.kind, 'value': m.mark[length(m.kind) + 2:], 'usual': k.usual[length(m.kind) + 2:]}}
                ORDER BY m.kind) AS marks
    FROM marks m JOIN counted c USING (saver, format, kind, mark) JOIN kinds k USING (saver, format, kind)
    WHERE c.n = 1 GROUP BY m.sha256 HAVING count(*) > 1)
SELECT o.sha256, i.location, d.last_author, o.others, o.marks
FROM odd o JOIN documents d USING (sha256) JOIN places i USING (sha256)
ORDER BY o.sha256
"""


class Mark(msgspec.Struct, frozen=True):
    """A mark that no other has."""

    kind: str
    value: str
    usual: str
    """What most of the others have."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document with two such marks or more."""

    sha256: str
    location: Location
    last_author: LocatedRow
    others: int
    marks: list[Mark]


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each with all of its marks."""
    for row in rows:
        saver = " ".join(row.last_author.value.split())[:120]
        told = [mark for mark in row.marks if mark.kind in _MARKS]
        marks = tuple([_MARKS[mark.kind](value=mark.value, usual=mark.usual) for mark in told])
        yield Observation(
            sentence=_SAID(n=str(row.others), saver=saver, marks=marks),
            bin="three" if len(marks) > 2 else "two",
            evidence=(cite_located("last saved by", row.last_author, Role.SUSPECT, row.sha256, row.location),),
            suspect=row.last_author.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(
                counts(
                    RULE,
                    "other documents of this format that the same user saved last, and those with one of its marks",
                    {"saver": saver},
                    n=row.others,
                    k=0,
                ),
            ),
        )


def cases() -> Iterator[Case]:
    """Cases of two marks and of three."""
    program = Mark("program", "Microsoft Macintosh Word 15.0000", "Microsoft Office Word 16.0000")
    paper, language = Mark("page", "12250x15850", "11900x16850"), Mark("language", "ru-RU", "fr-FR")

    def row(*marks: Mark) -> Row:
        return Row(
            sha256="0" * 64,
            location=location("leak/minutes.docx"),
            last_author=located_row("Anna", "xml:docProps/core.xml#cp:lastModifiedBy"),
            others=12,
            marks=list(marks),
        )

    yield fires((row(program, paper),), "another program and other paper", bin="two")
    yield fires((row(program, paper, language),), "another language besides", bin="three")
    yield silent((), "one mark alone, or fewer than eight other documents")
