"""Documents of several authors were all last saved by one other user within minutes.

Nearly all documents of an archive are saved so when it is migrated or converted; some of them, by one computer that no
other document shows, were touched by somebody.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, product

import msgspec

from forensics.checks import settle
from forensics.checks._batches import batches
from forensics.checks._facts import cite_located, cite_row, clock, settled, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import DAY, time_row
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Aggregate,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Sentence, says

_SIZES, _AUTHORS, _COMPANY = (16, 8, 4), (5, 3, 2), ("alone", "among_others", "whole")


def _bins() -> Iterator[Bin]:
    """Each lies in the bins of as many or fewer documents and authors, in the same company."""
    steps = list(product(_SIZES, _AUTHORS))
    for company, (size, authors) in product(_COMPANY, steps):
        wider = [step for step in steps if step != (size, authors) and step[0] <= size and step[1] <= authors]
        yield Bin(_bin(size, authors, company), tuple([_bin(*step, company) for step in wider]))


def _bin(size: int, authors: int, company: str) -> str:
    return f"{size}+documents,{authors}+authors,{company}"


RULE = Rule(
    id="case.batch_touch",
    version=3,
    title="Documents of several authors saved by one user within minutes",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.AUTHOR | DocumentHas.LAST_AUTHOR | DocumentHas.MODIFIED,
    bins=tuple(_bins()),
    group="authorship",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("migration_batch", "office_relabelling", "shared_account"),
    settle=settle.DOCUMENT_STORE,
    references=("kb:ARC-20", "attack:stored-data-manipulation"),
)

_SAID = says(
    "rule.case.batch_touch",
    one=(
        "{count} documents of {authors} authors were all last saved by {saver}, who wrote none of them, within "
        "{span} from {start}."
    ),
)
_SAID_MARKED = says(
    "rule.case.batch_touch.marked",
    one=(
        "{count} documents of {authors} authors were all last saved by {saver}, who wrote none of them, within "
        "{span} from {start}; all of them show {marks}, and no other document here does."
    ),
)
_SAID_WHOLE = says(
    "rule.case.batch_touch.whole",
    one=(
        "{count} of {total} documents that name their author and who saved them last, of {authors} authors, were last "
        "saved by {saver}, who wrote none of them, within {span} from {start}."
    ),
)
_PART = says(
    "rule.case.batch_touch.part",
    one="Of {total} documents that name their author and who saved them last these are {count}.",
)
_MARKS = {
    "program": says("rule.case.batch_touch.program", one="the program {value}"),
    "writer": says("rule.case.batch_touch.writer", one="the marks of the package {value}"),
    "system": says("rule.case.batch_touch.system", one="the operating system {value}"),
    "language": says("rule.case.batch_touch.language", one="the languages of the computer {value}"),
    "separators": says("rule.case.batch_touch.separators", one="the decimal and list signs {value}"),
    "code_page": says("rule.case.batch_touch.code_page", one="the code page {value}"),
    "offset": says("rule.case.batch_touch.offset", one="the time zone of changes {value}"),
}
"""What a save leaves of the computer."""
_WHOLE, _PART_OF = 0.8, 1 / 3
"""Share of the documents above which it is the whole archive, and below which no migration of it."""

LEAST_DOCUMENTS, LEAST_AUTHORS = 4, 2

ROWS_NEEDED = {"documents": 2}

QUERY = """
WITH named AS (
    SELECT count(*)::INTEGER AS total FROM documents WHERE author.value <> '' AND last_author.value <> ''),
often AS (SELECT mark, count(*)::INTEGER AS n FROM (SELECT unnest(habits) AS mark FROM documents) GROUP BY mark),
shown AS (
    SELECT sha256, list({'mark': mark, 'n': n} ORDER BY mark) AS marks
    FROM (SELECT sha256, unnest(habits) AS mark FROM documents
          WHERE author.value <> '' AND lower(trim(author.value)) <> lower(trim(last_author.value)))
    JOIN often USING (mark) GROUP BY sha256)
SELECT d.sha256, d.author, d.last_author, d.modified, o.location, coalesce(s.marks, []) AS marks, named.total
FROM documents d
JOIN places o USING (sha256) CROSS JOIN named LEFT JOIN shown s USING (sha256)
WHERE d.author.value <> '' AND d.last_author.value <> ''
  AND lower(trim(d.author.value)) <> lower(trim(d.last_author.value))
  AND d.modified.wall IS NOT NULL
ORDER BY lower(trim(d.last_author.value)), d.modified.instant IS NULL,
         coalesce(d.modified.instant, d.modified.wall), d.sha256
"""


class Mark(msgspec.Struct, frozen=True):
    """What a document shows of a computer."""

    mark: str
    """``kind=value``."""
    n: int
    """Documents of the archive that show it."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document that another than its author saved last."""

    sha256: str
    author: LocatedRow
    last_author: LocatedRow
    modified: TimeRow
    location: Location
    marks: list[Mark]
    total: int
    """Documents that name their author and who saved them last."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take windows from the first document on, per saver and kind of time; a window ends where the next begins."""
    for _, saved in groupby(rows, key=lambda row: _name(row.last_author.value)):
        by_saver = list(saved)
        for _, of_kind in groupby(by_saver, key=lambda row: row.modified.instant is None):
            for batch in batches(of_kind, _at, _counts):
                yield from _observations(batch, len(by_saver))


def _name(text: str) -> str:
    return text.strip().lower()


def _at(row: Row) -> int:
    return row.modified.instant if row.modified.instant is not None else row.modified.wall or 0


def _counts(batch: Sequence[Row]) -> bool:
    return len(batch) >= LEAST_DOCUMENTS and len({_name(row.author.value) for row in batch}) >= LEAST_AUTHORS


def _observations(batch: Sequence[Row], touched: int) -> Iterator[Observation]:
    authors = len({_name(row.author.value) for row in batch})
    size_bin = next(size for size in _SIZES if len(batch) >= size)
    author_bin = next(least for least in _AUTHORS if authors >= least)
    # Who saved others' documents at other times too is an assistant or a machine; one batch alone is another thing.
    company = "alone" if touched == len(batch) else "among_others"
    total = batch[0].total
    company = "whole" if len(batch) >= _WHOLE * total else company
    name = _bin(size_bin, author_bin, company)
    saver, start = batch[0].last_author.value.strip(), _at(batch[0])
    values = {"count": str(len(batch)), "authors": str(authors), "saver": saver[:120]}
    values |= {"start": clock(start)[:16], "span": span(_at(batch[-1]) - start)}
    marks = tuple(_only_theirs(batch))
    said = _SAID_WHOLE if company == "whole" else _SAID_MARKED if marks else _SAID
    values |= {"total": str(total)} if company == "whole" else {}
    part = _PART(count=str(len(batch)), total=str(total))
    benign = (settled("migration_batch", State.EXCLUDED, part),) if len(batch) < _PART_OF * total else ()
    together = Aggregate(
        role=Role.SUSPECT,
        label="of all documents by others that this user saved last, those saved within these minutes",
        query=RULE.id,
        parameters={"saver": saver[:120], "start": clock(start), "end": clock(_at(batch[-1]))},
        n=touched,
        k=len(batch),
        sample=tuple([row.sha256 for row in batch[:5]]),
    )
    for row in batch:
        yield Observation(
            sentence=said(**values, marks=marks) if said is _SAID_MARKED else said(**values),
            bin=name,
            evidence=(cite_row("modified", row.modified, Role.SUSPECT, row.sha256, row.location), *_who(row)),
            suspect=row.modified.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(together,),
            benign=benign,
            cluster=f"{saver[:120]}, {clock(start)[:16]}",
        )


def _only_theirs(batch: Sequence[Row]) -> Iterator[Sentence]:
    """Yield the marks of a computer that all documents of a batch show, and no other of the archive."""
    everywhere = set.intersection(*[{mark.mark for mark in row.marks if mark.n == len(batch)} for row in batch])
    for mark in sorted(everywhere):
        kind, _, value = mark.partition("=")
        if kind in _MARKS:
            yield _MARKS[kind](value=value)


def _who(row: Row) -> Iterator[Evidence]:
    for label, stands in (("author", row.author), ("last saved by", row.last_author)):
        yield cite_located(label, stands, Role.SUSPECT, row.sha256, row.location)


def _row(number: int, minute: int, author: str, saver: str = "roman", total: int = 90, shown: int = 40) -> Row:
    return Row(
        sha256=f"{number:064}",
        author=located_row(author, "xml:docProps/core.xml#dc:creator"),
        last_author=located_row(saver, "xml:docProps/core.xml#cp:lastModifiedBy"),
        modified=time_row(f"{DAY}T10:{minute:02}:00+00:00"),
        location=location(f"leak/{number}.xlsx"),
        marks=[Mark("program=Microsoft Excel 16.0300", shown)],
        total=total,
    )


def cases() -> Iterator[Case]:
    """Cases of windows, authors and sizes."""
    nine = tuple([_row(n, n // 2, f"author{n % 4}") for n in range(9)])
    yield fires(nine, "nine files of four authors in four minutes", bin="8+documents,3+authors,alone", count=9)
    yield fires(nine[:4], "four files of four authors", bin="4+documents,3+authors,alone", count=4)
    marked = tuple([_row(n, n, f"author{n}", shown=4) for n in range(4)])
    yield fires(marked, "four files of one computer", bin="4+documents,3+authors,alone", count=4)
    whole = tuple([_row(n, n, f"author{n}", total=5) for n in range(4)])
    yield fires(whole, "four of the five files of an archive", bin="4+documents,3+authors,whole", count=4)
    habit = (*nine[:4], _row(9, 40, "anna"))
    yield fires(habit, "four files, and another at another time", bin="4+documents,3+authors,among_others", count=4)
    yield silent(nine[:3], "three files")
    yield silent(tuple([_row(n, n, "anna") for n in range(8)]), "an assistant saves one author's files")
    yield silent(tuple([_row(n, 12 * n, f"author{n}") for n in range(4)]), "over most of an hour")
