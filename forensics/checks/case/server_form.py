"""A mail's header is not written as its last server, or its list, writes that of every other mail of the time.

The server of a mailbox adds the same fields to each mail, in the same order and with the same folding. A field that
somebody put above its stamp, one that is missing there, and a header that a program wrote anew all break that form.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_row, counts
from forensics.examples.cases import Case, fires, silent
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
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Sentence, says

RULE = Rule(
    id="case.server_form",
    version=1,
    title="Header not as its last server writes it",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.HEADER,
    bins=(Bin("above"), Bin("stamp"), Bin("list"), Bin("blanks")),
    group="route",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("resent", "server_moved", "imported", "resaved", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("RFC 5321 4.4", "kb:X-10", "kb:A-40", "kb:O-36", "kb:O-44", "kb:O-50"),
)

_SAID = says(
    "rule.case.server_form",
    one=(
        "The header is not as {server} writes it in the mails nearest in time that came by the same way, before this "
        "one and after it: {marks}."
    ),
)
_MARKS = {
    "above": says(
        "rule.case.server_form.above", one="above its stamp stand {value}; in {k} of {n} mails there stand {usual}"
    ),
    "stamp": says(
        "rule.case.server_form.stamp", one="the lines of its stamp begin with {value}; in {k} of {n} mails with {usual}"
    ),
    "list": says(
        "rule.case.server_form.list", one="the list's fields are {value}; in {k} of {n} mails they are {usual}"
    ),
    "blanks": says(
        "rule.case.server_form.blanks",
        one=(
            "the blanks behind the colons of From, Date, To and Cc are {value}; in {k} of {n} mails they are {usual} "
            "(“aligned”: the text begins in the ninth column)"
        ),
    ),
}
_NOTHING = says("rule.case.server_form.nothing", one="no fields")
_KINDS = {"above": "above", "stamp": "stamp", "last-block": "list", "blanks": "blanks"}

ROWS_NEEDED = {"messages": 2}

# A route is a last server and a list. A form that at most three mails of a route have, or one in a hundred, is odd
# where 95 of the hundred mails of that route nearest in time share another, before it and after it. What stands
# in no list's mail is its sender's.
QUERY = r"""
WITH placed AS MATERIALIZED (
    SELECT item, server_form, list_id, CASE WHEN "by" = '' THEN 'with ' || "with" ELSE "by" END AS server,
           coalesce(arrived, m.instant) AS stood
    FROM flat.mails m JOIN flat.hops h USING (item) WHERE h.place = 1 AND stood IS NOT NULL),
routes AS (SELECT server, list_id, server_form, count(*) AS n FROM placed GROUP BY ALL),
counted AS (
    SELECT server, list_id, kind, feature, sum(n) AS n, sum(sum(n)) OVER (PARTITION BY server, list_id, kind) AS total
    FROM routes JOIN flat.server_features USING (server_form)
    WHERE list_id <> '' OR kind IN ('above', 'stamp') GROUP BY server, list_id, kind, feature),
rare AS MATERIALIZED (FROM counted WHERE total >= 100 AND (n <= 3 OR n * 100 <= total)),
odd AS MATERIALIZED (
    SELECT p.item, server, list_id, kind, feature
    FROM placed p JOIN flat.server_features USING (server_form) JOIN rare USING (server, list_id, kind, feature)),
spots AS MATERIALIZED (
    SELECT item, server, list_id, server_form,
           row_number() OVER (PARTITION BY server, list_id ORDER BY stood, item) AS spot
    FROM placed SEMI JOIN odd USING (server, list_id)),
near AS (
    SELECT o.item, o.kind, o.feature, f.feature AS usual, p.spot < o.spot AS before
    FROM (SELECT *, unnest([spot // 50 - 1, spot // 50, spot // 50 + 1]) AS block
          FROM odd JOIN spots USING (item, server, list_id)) o
    JOIN spots p ON p.server = o.server AND p.list_id = o.list_id AND p.spot // 50 = o.block AND p.item <> o.item
        AND abs(p.spot - o.spot) <= 50
    JOIN flat.server_features f ON f.server_form = p.server_form AND f.kind = o.kind),
usual AS (
    SELECT item, kind, feature, usual, count(*) AS k, count(*) FILTER (before) AS before,
           sum(count(*)) OVER (PARTITION BY item, kind)::BIGINT AS n
    FROM near GROUP BY item, kind, feature, usual),
marked AS MATERIALIZED (
    SELECT item, list({'kind': kind, 'value': feature, 'usual': usual, 'k': k, 'n': n} ORDER BY kind) AS marks
    FROM usual WHERE k * 20 >= n * 19 AND before >= 20 AND k - before >= 20 GROUP BY item)
SELECT sha256, server, marks, location, t."time" AS stamp
FROM marked JOIN spots USING (item) JOIN flat.items USING (item)
LEFT JOIN flat.stamps t ON t.item = marked.item AND t.kind = 'hop' AND t.index = 0
ORDER BY sha256
"""


class Mark(msgspec.Struct, frozen=True):
    """One feature of a mail that its neighbours do not share."""

    kind: str
    """``above``, ``stamp``, ``first-block``, ``last-block`` or ``blanks``."""
    value: str
    """As ``kind=value``; so is the next."""
    usual: str
    k: int
    """Neighbours that have the usual one."""
    n: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose header its last server, or its list, writes otherwise in its neighbours."""

    sha256: str
    server: str
    marks: list[Mark]
    location: Location
    stamp: TimeRow | None


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; a list's block is odd where neither the first nor the last one is as usual."""
    for row in rows:
        marks = {_KINDS.get(mark.kind, mark.kind): mark for mark in row.marks}
        if "first-block" not in marks:
            marks.pop("list", None)
        found = [(name, marks[name]) for name in _MARKS if name in marks]
        if found and row.stamp is not None:
            yield _observation(row, found, row.stamp)


def _observation(row: Row, found: list[tuple[str, Mark]], stamp: TimeRow) -> Observation:
    told = tuple(
        [_MARKS[name](value=_shown(one.value), usual=_shown(one.usual), k=one.k, n=one.n) for name, one in found]
    )
    return Observation(
        sentence=_SAID(server=row.server[:120], marks=told),
        bin=found[0][0],
        evidence=(cite_row("Received, newest", stamp, Role.SUSPECT, row.sha256, row.location),),
        suspect="header:Received[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=tuple(
            [
                counts(
                    RULE,
                    "nearest mails of the same way, and those among them that are alike",
                    {name: one.usual[:200]},
                    n=one.n,
                    k=one.k,
                )
                for name, one in found
            ]
        ),
    )


def _shown(feature: str) -> str | Sentence:
    return feature.partition("=")[2][:200] or _NOTHING()


def cases() -> Iterator[Case]:
    """Cases of each kind of mark."""

    def row(*marks: tuple[str, str, str]) -> Row:
        return Row(
            sha256="0" * 64,
            server="mx.example.org",
            marks=[Mark(kind, f"{kind}={value}", f"{kind}={usual}", 99, 100) for kind, value, usual in marks],
            location=location(),
            stamp=time_row("10:00:05", path="header:Received[0]"),
        )

    block = ("List-Id", "List-Id List-Post")
    above = ("above", "Return-Path Authentication-Results", "Return-Path")
    yield fires((row(above),), "a field above the stamp that no other mail has", bin="above")
    yield fires((row(("above", "", "Return-Path")),), "none where all have one", bin="above")
    yield fires((row(("stamp", "1by", "tabby tabfor"), above),), "folded anew, and a field more", bin="above")
    yield fires((row(("stamp", "1by", "tabby tabfor")),), "folded anew", bin="stamp")
    yield fires((row(("first-block", *block), ("last-block", *block)),), "a field of the list is missing", bin="list")
    yield fires((row(("blanks", "1 aligned", "aligned")),), "one field is not aligned", bin="blanks")
    yield silent((row(("last-block", *block)),), "another list's fields stand below this one's")
