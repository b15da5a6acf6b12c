"""A mail says how many pages, slides or bytes its file has, and the file that it carries has far more or fewer.

Who puts another file in the place of one, or changes it much, seldom changes the words that went with it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_fact, cite_located, steps_of
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.facts import Located
from forensics.model.locations import Location, Locator
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.properties import PropertyRow
from forensics.model.rules import (
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

RULE = Rule(
    id="case.stated_file_differs",
    version=2,
    title="A file is not as the mail that carries it says",
    subject=Subject.MESSAGE,
    needs=MessageHas.ATTACHMENT | MessageHas.STATES_FILE,
    bins=(Bin("slides"), Bin("size"), Bin("pages")),
    group="content",
    compare_with="sender",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.CONTEXT,
    benign=("file_version", "counted_otherwise", "gateway_rename"),
    settle=settle.SENDER_COPY,
    references=("kb:O-26",),
)

_SAID = {
    "pages": says(
        "rule.case.stated_file_differs.pages",
        one="The mail says of its file “{name}”: {said}; the file says that it has {has} pages.",
    ),
    "slides": says(
        "rule.case.stated_file_differs.slides",
        one="The mail says of its file “{name}”: {said}; the file says that it has {has} slides.",
    ),
    "size": says(
        "rule.case.stated_file_differs.size",
        one="The mail says of its file “{name}”: {said}; the file has {has} bytes.",
    ),
}

NEAR_PERCENT = 30
"""What page counts differ by where another printer, paper or font lays a text out, and numbers that writers round."""
ENCODED_PERCENT = 40
"""What base64 with its line ends adds: programs for mail often show that size."""

ROWS_NEEDED = {"messages": 1}

QUERY = f"""
WITH saying AS MATERIALIZED (
    SELECT i.sha256, i.location FROM flat.mails JOIN flat.items i USING (item)
    WHERE mask & {MessageHas.STATES_FILE.value} <> 0),
stated AS MATERIALIZED (
    SELECT sha256, location, unnest(stated) AS said FROM messages JOIN saying USING (sha256)),
files AS MATERIALIZED (
    SELECT DISTINCT o.message_sha256, o.sha256, o."name", o.size
    FROM occurrences o SEMI JOIN saying ON saying.sha256 = o.message_sha256
    WHERE o."name" <> '' AND o.parent_sha256 = o.message_sha256 AND NOT contains(o.declared_type, 'signature')),
alone AS (SELECT message_sha256, count(*) AS files FROM files GROUP BY message_sha256)
SELECT s.sha256, s.location, said.kind AS kind, said.low AS low, said.high AS high, said.shown AS shown,
       said.part AS part, said.exact AS exact, f.sha256 AS file, f."name", f.size, p.location AS file_location,
       [one FOR one IN d.properties
        IF one.name IN ('ooxml.' || said.kind, 'ole2.' || said.kind, 'rtf.' || said.kind)][1] AS counted
FROM stated s JOIN files f ON f.message_sha256 = s.sha256 JOIN alone a ON a.message_sha256 = s.sha256
JOIN places p ON p.sha256 = f.sha256 LEFT JOIN documents d ON d.sha256 = f.sha256
WHERE CASE WHEN said.name = '' THEN a.files = 1 ELSE lower(f."name") = lower(said.name) END
ORDER BY s.sha256, f."name", f.sha256, said.kind, said.low, said.shown.start
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that says something of a file, and that file."""

    sha256: str
    location: Location
    kind: str
    low: int
    high: int
    shown: LocatedRow
    part: str
    exact: bool
    file: str
    name: str
    size: int
    file_location: Location
    counted: PropertyRow | None
    """The file's own count of its pages or slides."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each that is far from what is said, the first of each file and kind.

    Of two files of one name the mail may mean either: where one is as it says, none differs.
    """
    told, held = set(), list(rows)
    fit = {_said(row) for row in held if (has := _has(row)) is None or not _far(row, has)}
    for row in held:
        has = _has(row)
        if has is None or _said(row) in fit or (row.sha256, row.file, row.kind) in told:
            continue
        told.add((row.sha256, row.file, row.kind))
        yield Observation(
            sentence=_SAID[row.kind](name=row.name[:120], said=row.shown.value[:80], has=str(has)),
            bin=row.kind,
            evidence=tuple(_cited(row)),
            suspect=f"part:{row.part}",
            subjects=(
                SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
                SubjectRef(role=Role.EITHER, sha256=row.file, location=row.file_location),
            ),
        )


def _said(row: Row) -> tuple[str, str, str, int, int]:
    """What is said, and of files of which name."""
    return row.sha256, row.name.lower(), row.kind, row.low, row.high


def _has(row: Row) -> int | None:
    """Return what the file has of it; None where it does not say so, or says that it has none, as libraries do."""
    if row.kind == "size":
        return row.size
    counted = row.counted.value if row.counted is not None else ""
    return int(counted) if counted.isdecimal() and len(counted) < 7 and int(counted) > 1 else None


def _far(row: Row, has: int) -> bool:
    most = row.high * (100 + NEAR_PERCENT) // 100 + 1
    least = row.low * (100 - NEAR_PERCENT) // 100 - 1
    if row.kind == "size":
        return has > most or has * (100 + ENCODED_PERCENT) // 100 < least
    return not least <= has <= most


def _cited(row: Row) -> Iterator[Evidence]:
    label = f"part {row.part}" if row.exact else f"beginning of part {row.part}"
    value = row.shown.value if row.exact else ""
    yield cite_located(label, row.shown, Role.EITHER, row.sha256, row.location, value=value)
    counted = row.counted
    if counted is not None:
        ranges = ((counted.start, counted.end),) if counted.start is not None and counted.end is not None else ()
        raw = counted.raw[: counted.end - counted.start] if counted.start is not None and counted.end else counted.raw
        place = Locator(ranges=ranges, path=counted.path, steps=steps_of(counted.steps))
        cited = cite_fact(row.kind, Located(counted.value, raw, place), Role.EITHER)
        yield msgspec.structs.replace(cited, sha256=row.file, location=row.file_location)


def cases() -> Iterator[Case]:
    """Cases of counts and sizes, near and far from what a mail says."""

    def row(kind: str, said: tuple[int, int], has: int | None, size: int = 24_000) -> Row:
        path = "xml:docProps/app.xml#Pages"
        counted = PropertyRow(
            name=f"ooxml.{kind}",
            value=str(has),
            raw=str(has).encode(),
            path=path,
            start=40,
            end=40 + len(str(has)),
            steps="",
        )
        return Row(
            sha256="0" * 64,
            location=location("leak/1.eml"),
            kind=kind,
            low=said[0],
            high=said[1],
            shown=located_row("12-page", "part:1", start=90),
            part="1",
            exact=True,
            file="1" * 64,
            name="draft.docx",
            size=size,
            file_location=location("leak/1.eml", sha256="1" * 64),
            counted=counted if has is not None else None,
        )

    yield fires((row("pages", (12, 12), 31),), "a draft of 12 pages that has 31", bin="pages")
    yield fires((row("slides", (3, 3), 9),), "three slides that are nine", bin="slides")
    yield fires((row("size", (244_000, 251_905), None),), "245 KB that are 24", bin="size")
    two = row("size", (244_000, 251_905), None), row("size", (244_000, 251_905), None, size=248_000)
    yield silent(two, "two files of one name, of which one is as long")
    yield silent((row("pages", (12, 12), 14),), "pages of another printer")
    yield silent((row("pages", (12, 12), 1),), "a library's one page")
    yield silent((row("pages", (12, 12), None),), "a file that counts no pages")
    yield silent((row("size", (32_000, 34_817), None),), "the size with its encoding")
    yield silent((row("size", (23_000, 25_601), None),), "a rounded size")
