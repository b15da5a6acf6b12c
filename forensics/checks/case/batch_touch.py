"""Documents of several authors were all last saved by one other user within minutes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, product

import msgspec

from forensics.checks import settle
from forensics.checks._batches import batches
from forensics.checks._facts import cite_located, cite_row, clock, span
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
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

_SIZES, _AUTHORS, _COMPANY = (16, 8, 4), (5, 3, 2), ("alone", "among_others")


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
    version=2,
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

LEAST_DOCUMENTS, LEAST_AUTHORS = 4, 2

ROWS_NEEDED = {"documents": 2}

QUERY = """
SELECT d.sha256, d.author, d.last_author, d.modified, o.location
FROM documents d
JOIN places o USING (sha256)
WHERE d.author.value <> '' AND d.last_author.value <> ''
  AND lower(trim(d.author.value)) <> lower(trim(d.last_author.value))
  AND d.modified.wall IS NOT NULL
ORDER BY lower(trim(d.last_author.value)), d.modified.instant IS NULL,
         coalesce(d.modified.instant, d.modified.wall), d.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document that another than its author saved last."""

    sha256: str
    author: LocatedRow
    last_author: LocatedRow
    modified: TimeRow
    location: Location


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
    name = _bin(size_bin, author_bin, company)
    saver, start = batch[0].last_author.value.strip(), _at(batch[0])
    values = {"count": str(len(batch)), "authors": str(authors), "saver": saver[:120]}
    values |= {"start": clock(start)[:16], "span": span(_at(batch[-1]) - start)}
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
            sentence=_SAID(**values),
            bin=name,
            evidence=(cite_row("modified", row.modified, Role.SUSPECT, row.sha256, row.location), *_who(row)),
            suspect=row.modified.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(together,),
            cluster=f"{saver[:120]}, {clock(start)[:16]}",
        )


def _who(row: Row) -> Iterator[Evidence]:
    for label, stands in (("author", row.author), ("last saved by", row.last_author)):
        yield cite_located(label, stands, Role.SUSPECT, row.sha256, row.location)


def _row(number: int, minute: int, author: str, saver: str = "roman") -> Row:
    return Row(
        sha256=f"{number:064}",
        author=located_row(author, "xml:docProps/core.xml#dc:creator"),
        last_author=located_row(saver, "xml:docProps/core.xml#cp:lastModifiedBy"),
        modified=time_row(f"{DAY}T10:{minute:02}:00+00:00"),
        location=location(f"leak/{number}.xlsx"),
    )


def cases() -> Iterator[Case]:
    """Cases of windows, authors and sizes."""
    nine = tuple([_row(n, n // 2, f"author{n % 4}") for n in range(9)])
    yield fires(nine, "nine files of four authors in four minutes", bin="8+documents,3+authors,alone", count=9)
    yield fires(nine[:4], "four files of four authors", bin="4+documents,3+authors,alone", count=4)
    habit = (*nine[:4], _row(9, 40, "anna"))
    yield fires(habit, "four files, and another at another time", bin="4+documents,3+authors,among_others", count=4)
    yield silent(nine[:3], "three files")
    yield silent(tuple([_row(n, n, "anna") for n in range(8)]), "an assistant saves one author's files")
    yield silent(tuple([_row(n, 12 * n, f"author{n}") for n in range(4)]), "over most of an hour")
