"""A file that its sender attached unchanged before and after has other bytes in one mail.

What people send again and again, a key, a price list, the picture in their signature, changes once and stays changed.
Files of which each mail has a version of its own, as patches, logs and numbered pictures, say nothing.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_row, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import DAY, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
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

RULE = Rule(
    id="case.attachment_differs",
    version=1,
    title="A file that is the same in other mails is another one here",
    subject=Subject.MESSAGE,
    needs=MessageHas.ATTACHMENT | MessageHas.FROM | MessageHas.DATE_INSTANT,
    bins=(Bin("only_one"), Bin("several")),
    group="copies",
    compare_with="sender",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("file_version", "patch_tool", "sender_clock"),
    settle=settle.SENDER_COPY,
    references=("kb:X-08", "kb:O-26", "kb:O-27"),
)

_SAID = {
    "size": says(
        "rule.case.attachment_differs.size",
        one=(
            "{sender} attached the same file “{name}” to {n} other mails, before and after this one; the file of that "
            "name here is another one, of {size} bytes instead of {steady}."
        ),
    ),
    "bytes": says(
        "rule.case.attachment_differs.bytes",
        one=(
            "{sender} attached the same file “{name}” to {n} other mails, before and after this one; the file of that "
            "name here has the same size of {size} bytes, but not the same bytes."
        ),
    ),
}

LEAST = 3
"""Other mails with the same file, one of them before and one after: of two, one may be an old version sent again."""

ROWS_NEEDED = {"messages": 2}

# One mail in several mailboxes counts once, by its Date. Signatures differ in every mail.
QUERY = f"""
WITH files AS MATERIALIZED (
    SELECT DISTINCT i.item, o.sha256 AS content, lower(o."name") AS "name", o.size
    FROM occurrences o JOIN flat.items i ON i.sha256 = o.message_sha256
    WHERE o."name" <> '' AND o.parent_sha256 = o.message_sha256 AND NOT contains(o.declared_type, 'signature')),
sent AS MATERIALIZED (
    SELECT sender, "name", content, size, item, instant FROM files JOIN flat.mails USING (item)
    WHERE sender <> '' AND instant IS NOT NULL),
versions AS MATERIALIZED (
    SELECT sender, "name", content, size, count(DISTINCT instant) AS n, min(instant) AS first, max(instant) AS last,
           arg_min(item, (instant, item)) AS earliest, arg_max(item, (instant, item)) AS latest
    FROM sent GROUP BY ALL),
kept AS (
    SELECT sender, "name", sum(n) FILTER (n > 1) AS again, count(*) FILTER (n = 1) AS once
    FROM versions GROUP BY ALL HAVING again > once),
found AS (
    SELECT DISTINCT ON (o.earliest, o."name") o.earliest AS item, o.sender, o."name", o.size, s.size AS steady, s.n,
           k.once, b.item AS before, a.item AS after
    FROM versions o JOIN kept k USING (sender, "name")
    JOIN versions s ON s.sender = o.sender AND s."name" = o."name" AND s.n >= {LEAST}
    JOIN sent b ON b.sender = s.sender AND b."name" = s."name" AND b.content = s.content AND b.instant < o.first
    JOIN sent a ON a.sender = s.sender AND a."name" = s."name" AND a.content = s.content AND a.instant > o.first
    WHERE o.n = 1
      AND NOT EXISTS (FROM sent t WHERE t.item = o.earliest AND t."name" = o."name" AND t.content = s.content)
    ORDER BY o.earliest, o."name", s.n DESC, s.content, b.instant DESC, b.item, a.instant, a.item)
SELECT i.sha256, i.location, m.date, f.sender, f."name", f.size, f.steady, f.n, f.once,
       x.sha256 AS before, x.location AS before_location, b.date AS before_date,
       y.sha256 AS after, y.location AS after_location, a.date AS after_date
FROM found f JOIN flat.items i USING (item) JOIN flat.mails m USING (item)
JOIN flat.items x ON x.item = f.before JOIN flat.mails b ON b.item = f.before
JOIN flat.items y ON y.item = f.after JOIN flat.mails a ON a.item = f.after
ORDER BY i.sha256, f."name"
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose file of a name no other mail carries, between two that carry the same one."""

    sha256: str
    location: Location
    date: TimeRow
    sender: str
    name: str
    size: int
    steady: int
    """Bytes of the file in the others."""
    n: int
    """Mails with that."""
    once: int
    """Files of this sender and name that one mail each carries, this one's among them."""
    before: str
    """The last such mail before this one."""
    before_location: Location
    before_date: TimeRow
    after: str
    """The first after it."""
    after_location: Location
    after_date: TimeRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each."""
    for row in rows:
        values = {"sender": row.sender[:120], "name": row.name[:120], "n": str(row.n), "size": str(row.size)}
        if row.size != row.steady:
            values["steady"] = str(row.steady)
        others = (row.before, row.before_location, row.before_date), (row.after, row.after_location, row.after_date)
        yield Observation(
            sentence=_SAID["size" if row.size != row.steady else "bytes"](**values),
            bin="only_one" if row.once == 1 else "several",
            evidence=(
                cite_row("Date", row.date, Role.EQUAL, row.sha256, row.location),
                *[cite_row("Date", date, Role.WITNESS, sha256, place) for sha256, place, date in others],
            ),
            suspect=f"file:{row.name[:120]}",
            subjects=(
                SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),
                *[SubjectRef(role=Role.WITNESS, sha256=sha256, location=place) for sha256, place, _ in others],
            ),
            aggregates=(
                counts(
                    RULE,
                    "mails of the sender with a file of this name, and those that carry the same one",
                    {"sender": row.sender[:200], "name": row.name[:200]},
                    n=row.n + row.once,
                    k=row.n,
                ),
            ),
        )


def cases() -> Iterator[Case]:
    """Cases of a key that is attached to every mail."""

    def row(once: int, size: int = 93) -> Row:
        before, date, after = [
            time_row(f"{DAY}T{hour}:00:00+00:00", path="header:Date[0]") for hour in ("08", "09", "10")
        ]
        return Row(
            sha256="0" * 64,
            location=location("leak/2.eml"),
            date=date,
            sender="anna@example.org",
            name="key.asc",
            size=size,
            steady=3098,
            n=9,
            once=once,
            before="1" * 64,
            before_location=location("leak/1.eml", sha256="1" * 64),
            before_date=before,
            after="2" * 64,
            after_location=location("leak/3.eml", sha256="2" * 64),
            after_date=after,
        )

    yield fires((row(1),), "the one mail with another file", bin="only_one")
    yield fires((row(3),), "one of three", bin="several")
    yield fires((row(1, 3098),), "another file of the same size", bin="only_one")
    yield silent((), "a file that changed and stayed so")
