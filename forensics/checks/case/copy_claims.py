"""Two copies of one mail, with one Message-ID and one text, name different senders, recipients or dates.

What servers, lists, mailboxes and exports do to copies is left out (`forensics.relations.comparing`).
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._compared import cite_both
from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.model.comparing import ComparedItem, ComparedLine, Difference, Outcome
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.presence.message import MessageHas
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

_BINS = {
    "sender": ("from", "from_name", "sender", "reply_to"),
    "recipients": ("recipient_added", "recipient_removed", "recipient_name"),
    "date": ("date",),
}
"""Bins, gravest first, with their kinds of differences."""
_SUSPECTS = {"sender": "header:From[0]", "recipients": "header:To[0]", "date": "header:Date[0]"}

RULE = Rule(
    id="case.copy_claims",
    version=1,
    title="A copy with another sender, date or recipient",
    subject=Subject.MESSAGE,
    needs=MessageHas.MESSAGE_ID | MessageHas.FROM,
    # Whether a mail without trace fields was sent twice cannot be tested, and people send again what they corrected.
    bins=(*[Bin(name) for name in _BINS], Bin("untraced", ceiling=Strength.WEAK)),
    group="copies",
    compare_with="sender",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("resent", "list_copy", "resaved", "broken_client", "unsolicited"),
    accuses=("from", "sender", "reply-to", "to", "cc", "date"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:X-07", "kb:O-15", "kb:O-21", "kb:O-22", "kb:O-23"),
)

_SAID = {
    "changed": says(
        "rule.case.copy_claims.changed",
        one=(
            "Two copies of one mail, with the same text, differ in {what}: “{one}” in one, “{other}” in the other; "
            "nothing that servers, lists or mailboxes are known to do to copies explains it."
        ),
        many=(
            "Two copies of one mail, with the same text, differ in {n} claims; nothing that servers, lists or "
            "mailboxes are known to do to copies explains them. "
            "The first is {what}: “{one}” in one, “{other}” in the other."
        ),
    ),
    "lacking": says(
        "rule.case.copy_claims.lacking",
        one=(
            "One of two copies of a mail, with the same text, has “{one}” in {what}, and the other lacks it; nothing "
            "that servers, lists or mailboxes are known to do to copies explains it."
        ),
        many=(
            "Two copies of one mail, with the same text, differ in {n} claims; nothing that servers, lists or "
            "mailboxes are known to do to copies explains them. "
            "The first is {what}: one has “{one}”, which the other lacks."
        ),
    ),
}
_WHAT = {
    "sender": says("rule.case.copy_claims.what.sender", one="a sender's field"),
    "recipients": says("rule.case.copy_claims.what.recipients", one="the recipients"),
    "date": says("rule.case.copy_claims.what.date", one="Date"),
}
_ONE_WAY = says(
    "note.one_way",
    one="Both copies have a trace field of one server and time, with the same id if any: they were sent once.",
)
_TWO_WAYS = says(
    "note.two_ways",
    one="The copies have no trace field of one server and time in common, as a mail that was sent twice.",
)

MOST = 10
"""Differences of two mails that are quoted."""
_SHOWN = 160
"""Characters of a value in the sentence."""

ROWS_NEEDED = {"messages": 2}

# Copies of one sending share the trace fields up to where their ways part.
QUERY = """
WITH pairs AS (
    SELECT c.sha256, c.other_sha256, c.compared, a.item AS item, b.item AS other
    FROM copy_claims c JOIN flat.items a USING (sha256) JOIN flat.items b ON b.sha256 = c.other_sha256),
traced AS (SELECT DISTINCT item FROM flat.hops),
shared AS (
    SELECT DISTINCT p.item, p.other
    FROM pairs p JOIN flat.hops x ON x.item = p.item JOIN flat.hops y ON y.item = p.other
    WHERE x.host = y.host AND x.instant = y.instant AND x.id IS NOT DISTINCT FROM y.id)
SELECT sha256, compared, item IN (FROM traced) AND other IN (FROM traced) AS both_traced, s.item IS NOT NULL AS one_way
FROM pairs p LEFT JOIN shared s USING (item, other) ORDER BY sha256, other_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Two copies whose claims differ."""

    sha256: str
    compared: str
    """JSON text of a `ComparedLine`."""
    both_traced: bool
    """Whether both have trace fields."""
    one_way: bool
    """Whether they have one in common."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each pair once, with the gravest difference first."""
    for row in rows:
        line = msgspec.json.decode(row.compared, type=ComparedLine)
        found = sorted([one for one in line.differences if not one.lawful and _bin(one)], key=_gravity)
        if line.one is not None and line.other is not None and found:
            yield _observation(row, line.one, line.other, found)


def _resent(row: Row) -> tuple[BenignState, ...]:
    if row.one_way:
        return (settled("resent", State.EXCLUDED, _ONE_WAY()),)
    return (settled("resent", State.EXPLAINS, _TWO_WAYS()),) if row.both_traced else ()


def _bin(difference: Difference) -> str:
    return next((name for name, kinds in _BINS.items() if difference.kind in kinds), "")


def _gravity(difference: Difference) -> int:
    return list(_BINS).index(_bin(difference))


def _observation(row: Row, one: ComparedItem, other: ComparedItem, found: list[Difference]) -> Observation:
    first = found[0]
    name = _bin(first)
    here, there = first.one.value[:_SHOWN], first.other.value[:_SHOWN]
    values = {"one": here or there} if not (here and there) else {"one": here, "other": there}
    said = _SAID["changed" if here and there else "lacking"]
    return Observation(
        sentence=said(len(found), what=_WHAT[name](), **values),
        bin=name if row.one_way or row.both_traced else "untraced",
        evidence=tuple(cite_both(found[:MOST], one, other)),
        suspect=_SUSPECTS[name],
        subjects=tuple(
            [SubjectRef(role=Role.EITHER, sha256=side.sha256, location=side.location) for side in (one, other)]
        ),
        benign=_resent(row),
    )


def _row(*found: Difference, both_traced: bool = True, one_way: bool = True) -> Row:
    line = ComparedLine(
        outcome=Outcome.DIFFERS,
        one=ComparedItem(sha256="0" * 64, location=location()),
        other=ComparedItem(sha256="1" * 64, location=location("leak/2.eml", sha256="1" * 64)),
        matched_by="message_id",
        mails=True,
        differences=found,
    )
    compared = msgspec.json.encode(line).decode()
    return Row(sha256="0" * 64, compared=compared, both_traced=both_traced, one_way=one_way)


def _said(value: str) -> Located:
    return Located(value, value.encode(), Locator(ranges=((300, 300 + len(value)),), path="header:Date[0]"))


def cases() -> Iterator[Case]:
    """Cases of what two copies claim."""
    date = Difference(kind="date", name="date", one=_said("3 May"), other=_said("4 May"))
    sender = Difference(kind="from", name="from", one=_said("a@example.org"), other=_said("b@example.org"))
    yield fires((_row(date),), "another date", bin="date")
    yield fires((_row(date, sender),), "the gravest of two counts", bin="sender")
    added = Difference(kind="recipient_added", name="cc", other=_said("zoe@example.test"))
    yield fires((_row(added),), "one more recipient in one of them", bin="recipients")
    trace = Difference(kind="hop_added", name="received", other=_said("x"))
    yield silent((_row(trace),), "no claim differs")
    twice = _row(date, one_way=False)
    yield explained((twice,), "sent again from the start", by="resent")
    untraced = _row(date, both_traced=False, one_way=False)
    yield fires((untraced,), "one copy has no trace field", bin="untraced")
    yield silent((), "no copies")
