"""A mail did not come the way that nearly all mails of its time in this archive came."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_row, counts, settled
from forensics.checks._ways import IMPORTS, LACKING, LATE, NEAR, ODD
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
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
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.delivery_path",
    version=3,
    title="Another route than nearly all mails took",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE,
    bins=(Bin("other_way"), Bin("other_address", ceiling=Strength.WEAK), Bin("no_trace")),
    group="route",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("other_way", "own_copy", "imported", "resaved", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("RFC 5321 4.4", "kb:X-10", "kb:X-18", "kb:O-30", "kb:O-39"),
)

_SAID = {
    "other_way": says(
        "rule.case.delivery_path.other_way",
        one=(
            "The mail did not come by the route of its nearest {n} neighbours in time, within a year; it lacks "
            "what nearly all of them have: {marks}."
        ),
    ),
    "other_way.of_list": says(
        "rule.case.delivery_path.other_way.of_list",
        one=(
            "The mail did not come through the list whose archive this is: {k} of {n} mails, of all periods, "
            "came through it; it lacks what nearly all of them have: {marks}."
        ),
    ),
    "other_address": says(
        "rule.case.delivery_path.other_address",
        one=(
            "The mail was addressed to {address} and did not come by the route of its nearest {n} neighbours in "
            "time, within a year, which came to another address; it lacks what nearly all of them have: {marks}."
        ),
    ),
    "other_address.unnamed": says(
        "rule.case.delivery_path.other_address.unnamed",
        one=(
            "The mail names no recipient and did not come by the route of its nearest {n} neighbours in time, "
            "within a year; it lacks what nearly all of them have: {marks}."
        ),
    ),
    "no_trace": says(
        "rule.case.delivery_path.no_trace",
        one="The mail has no server's stamp; {k} of its nearest {n} neighbours in time, within a year, have one.",
    ),
}
_IMPORTED = says(
    "note.imported.alike",
    one=(
        "{n} mails in this archive that no server stamped have ids at “{domain}”, which is not a host: the "
        "archive's own program made them. The archive therefore contains imported mail, and the absence of a "
        "stamp means nothing in a mail that begins with the same fields as theirs, as this one does."
    ),
)

ROWS_NEEDED = {"messages": 2}

# Mails that are attached to other mails are left out: nobody delivered them. Blocks of two hundred mails in the order
# of time only find candidates; a mark counts where nearly all of the mail's own neighbours have it, before it and after
# it: at most a hundred on each side, none more than a year away, so that no mail is judged by those of another time,
# nor at the edge where one provider took over from another. A way that half of a block came is known: mails that still
# come that way later are late. An archive of a thousand mails of which nearly all came by one list is that list's: its
# mails of every time belong to it, and need no neighbours.
QUERY = rf"""
WITH returned AS (SELECT DISTINCT item FROM flat.parties WHERE field = 'return-path'),
placed AS MATERIALIZED (
    SELECT item, list_id, hops, coalesce(arrived, instant, wall) AS stood,
           row_number() OVER (ORDER BY stood, item) AS spot
    FROM flat.mails SEMI JOIN (SELECT item FROM flat.items WHERE alone) USING (item)
    WHERE stood IS NOT NULL AND NOT (stored AND hops = 0)),
servers AS MATERIALIZED (
    SELECT item, spot, place, coalesce(organization, host) AS organization
    FROM flat.hops JOIN placed USING (item) LEFT JOIN flat.organizations ON "name" = host
    WHERE host NOT IN ('', 'localhost')),
delivered AS MATERIALIZED (SELECT item, place, address FROM flat.parties WHERE field = 'delivered-to'),
marks AS MATERIALIZED (
    SELECT item, spot, 'list' AS kind, list_id AS value FROM placed WHERE list_id <> ''
    UNION ALL SELECT DISTINCT item, spot, 'server', organization FROM servers
    UNION ALL SELECT DISTINCT item, spot, 'reader', address FROM placed JOIN delivered USING (item)
    UNION ALL SELECT item, spot, 'trace', '' FROM placed WHERE hops > 0 OR item IN (FROM returned)),
{LACKING},
{NEAR},
constant AS (
    SELECT l.item, l.kind, l.value, count(*) AS k, any_value(s.n) AS n
    FROM lacking l JOIN sizes s USING (item) JOIN near o USING (item)
    JOIN marks m ON m.item = o.other AND m.kind = l.kind AND m.value = l.value
    GROUP BY l.item, l.kind, l.value
    HAVING count(*) >= 0.95 * any_value(s.n) AND count(*) FILTER (before) >= 0.9 * any_value(s.n_before)
       AND count(*) FILTER (NOT before) >= 0.9 * any_value(s.n_after)),
{ODD},
{LATE},
{IMPORTS},
readers AS (
    SELECT item, list(address ORDER BY place) FILTER (field = 'delivered-to') AS delivered,
           list(address ORDER BY place) FILTER (field IN ('to', 'cc') AND address <> '') AS named
    FROM flat.parties SEMI JOIN odd USING (item) GROUP BY item),
traces AS (
    SELECT item, list(reader ORDER BY place) FILTER (reader IS NOT NULL) AS handed
    FROM flat.hops SEMI JOIN odd USING (item) GROUP BY item),
stamps AS (
    SELECT item, list("time" ORDER BY index) AS stamps FROM flat.stamps SEMI JOIN odd USING (item)
    WHERE kind = 'hop' GROUP BY item),
places AS (
    SELECT sha256, arg_min(location, location_text) AS location FROM occurrences
    WHERE message_sha256 = '' AND sha256 IN (SELECT sha256 FROM flat.items SEMI JOIN odd USING (item)) GROUP BY sha256)
SELECT i.sha256, m.sender, o.marks, o.of_list, m.date, p.location, o.item IN (FROM late) AS late,
       CASE WHEN delivered IS NULL AND handed IS NULL THEN coalesce(named, [])
            ELSE coalesce(delivered[:1], []) || coalesce(handed[:1], []) END AS readers,
       EXISTS (FROM common WHERE (block, kind) = (d.spot // 200, 'reader') AND value IN delivered) AS here,
       coalesce(stamps, []) AS stamps,
       CASE WHEN o.item IN (FROM imported) THEN (SELECT n FROM imports) ELSE 0 END AS imported,
       coalesce((SELECT "domain" FROM imports), '') AS id_name
FROM odd o JOIN flat.mails m USING (item) JOIN placed d USING (item) JOIN flat.items i USING (item)
JOIN places p USING (sha256) LEFT JOIN readers USING (item) LEFT JOIN traces USING (item) LEFT JOIN stamps USING (item)
ORDER BY o.item
"""


class Mark(msgspec.Struct, frozen=True):
    """What nearly all mails of the time have, and this one has not."""

    kind: str
    """``list``, ``server`` (its organization), ``reader`` (Delivered-To) or ``trace`` (any, or a Return-Path)."""
    value: str
    k: int
    n: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that lacks something that 95 % of its neighbours in time have."""

    sha256: str
    sender: str
    marks: list[Mark]
    date: TimeRow | None
    readers: list[str]
    """Whom Delivered-To and the newest ``for`` clause name; where neither is there, To and Cc."""
    of_list: bool
    """The archive is one list's, and the mail, of whatever time, has neither that list nor its server."""
    late: bool
    """Its last server was the last of at least half of the mails of another time."""
    here: bool
    """It was delivered to an address to which most mails of its time were."""
    stamps: list[TimeRow]
    imported: int
    """Mails of the archive without a trace whose ids end with ``id_name``, which is no host; 0 where none of them
    begins with the fields of this one."""
    id_name: str
    location: Location


_COUNTED = "other mails close in time, and those among them that have this"


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report mails without any trace among mails that have one, and those that lack two kinds of marks."""
    for row in rows:
        marks = {mark.kind: mark for mark in row.marks}
        if "trace" in marks:
            seen = _observation(row, "no_trace", [marks["trace"]])
            if row.imported:
                state = settled("imported", State.EXPLAINS, _IMPORTED(n=row.imported, domain=row.id_name[:80]))
                seen = msgspec.structs.replace(seen, benign=(state,))
            yield seen
        elif len(marks) > 1 and not row.late and not ("list" in marks and row.here):
            yield _other(row)


def _other(row: Row) -> Observation:
    """Report another way; but no list's reader has another address, and a mail that was for one came as such come."""
    if any(mark.kind == "list" or (mark.kind == "reader" and mark.value in row.readers) for mark in row.marks):
        return _observation(row, "other_way", row.marks, ".of_list" if row.of_list else "")
    more, address = ("", row.readers[0]) if row.readers else (".unnamed", "")
    return _observation(row, "other_address", row.marks, more, address=address[:200])


def _observation(row: Row, name: str, marks: list[Mark], more: str = "", **values: str) -> Observation:
    said = "; ".join([f"{one.kind} {one.value[:80]} ({one.k} of {one.n})" for one in marks])
    cited = [("Date", row.date)] if row.date is not None else []
    cited += [(f"Received, {place} from the top", stamp) for place, stamp in enumerate(row.stamps[:5], 1)]
    values |= {"sender": row.sender[:200], "marks": said, "k": str(marks[0].k), "n": str(marks[0].n)}
    return Observation(
        sentence=_SAID[f"{name}{more}"](**values),
        bin=name,
        evidence=tuple([cite_row(label, stamp, Role.SUSPECT, row.sha256, row.location) for label, stamp in cited]),
        suspect="header:Received[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        keys={"sender": row.sender},
        aggregates=tuple([counts(RULE, _COUNTED, {one.kind: one.value[:200]}, n=one.n, k=one.k) for one in marks]),
    )


def _row(*kinds: str, **changed: object) -> Row:
    usual = {"list": "list.example", "server": "server.example", "reader": "bob@example.net", "trace": ""}
    row = Row(
        sha256="0" * 64,
        sender="anna@one.example",
        marks=[Mark(kind, usual[kind], 196, 200) for kind in sorted(kinds)],
        of_list=False,
        date=time_row("2017-03-06T10:00:00+01:00", path="header:Date[0]"),
        readers=["bob@example.net"],
        late=False,
        here=False,
        imported=0,
        id_name="archive",
        stamps=[] if "trace" in kinds else [time_row("2017-03-06T09:01:00+00:00", path="header:Received[0]")],
        location=location(),
    )
    return msgspec.structs.replace(row, **changed)


def cases() -> Iterator[Case]:
    """Cases of what a mail lacks."""
    yield fires((_row("list", "server"),), "neither the list nor its server", bin="other_way")
    yield fires((_row("reader", "server"),), "to the owner, but not through their servers", bin="other_way")
    yield fires((_row("list", "server", of_list=True),), "in the archive of one list, at any time", bin="other_way")
    yield fires((_row("list", "server", "trace"),), "no server ever stamped it", bin="no_trace")
    yield fires((_row("reader", "server", readers=["b@two.example"]),), "to another address", bin="other_address")
    yield fires((_row("reader", "server", readers=[]),), "to nobody that it names", bin="other_address")
    yield explained((_row("trace", imported=5),), "five have ids of the archive's own", by="imported")
    yield silent((_row("reader", "server", late=True),), "the way of mails before the provider changed")
    yield silent((_row("list", "server", here=True),), "to the list's reader in person")
    yield silent((_row("server"),), "one relay of the usual way was not used")
    yield silent((_row("reader"),), "to another address of the same mailbox")
