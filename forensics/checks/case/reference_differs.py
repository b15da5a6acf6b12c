"""A mail is not as its original in a reference source has it.

What servers, lists, mailboxes and exports do to copies is left out (`forensics.relations.comparing`), and what is left
is shown on both sides. There is no stronger evidence, as long as the reference is what it is held to be: that is the
one thing that nothing in the archive can test.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._compared import cite_against
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.model.comparing import ComparedItem, ComparedLine, Difference, Outcome
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.presence.message import MessageHas
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

_BINS = {
    "words": ("words", "text_added", "text_removed", "links", "markup"),
    "attachment": ("attachment_added", "attachment_removed", "attachment_changed", "attachment_renamed"),
    "subject": ("subject",),
    "sender": ("from", "from_name", "sender", "reply_to"),
    "recipients": ("recipient_added", "recipient_removed", "recipient_name"),
    "date": ("date",),
    "trace": ("hop_added", "hop_removed", "hop_changed", "hop_order"),
    "ids": ("message_id", "thread"),
    "signature": ("signature_added", "signature_removed", "signature_changed"),
    "around": ("text_around",),
    "form": (),
}
"""Bins, gravest first, with their kinds of differences; ``form`` has all others. ``around`` is text above or below all
that the other copy says, in the one that passed more servers: gateways write such text in words without end."""
_SUSPECTS = {"subject": "header:Subject[0]", "sender": "header:From[0]", "date": "header:Date[0]", "trace": "trace"}

RULE = Rule(
    id="case.reference_differs",
    version=2,
    title="Not as the reference has it",
    subject=Subject.MESSAGE,
    needs=MessageHas.ORIGINAL,
    bins=tuple([Bin(name) for name in _BINS]),
    group="reference",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("cut_copy", "sent_twice", "resaved"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:X-07", "kb:O-01", "kb:O-15", "kb:O-21", "kb:O-26"),
)

_SAID = {
    "changed": says(
        "rule.case.reference_differs.changed",
        one="The original in the reference says “{one}” where {what} here says “{other}”; nothing lawful explains it.",
        many=(
            "{n} things are not as the original in the reference has them, and nothing lawful explains them. The first:"
            " the original says “{one}” where {what} here says “{other}”."
        ),
    ),
    "added": says(
        "rule.case.reference_differs.added",
        one="The original in the reference does not have “{other}”, which stands in {what} here.",
        many=(
            "{n} things are not as the original in the reference has them, and nothing lawful explains them. The first:"
            " the original does not have “{other}”, which stands in {what} here."
        ),
    ),
    "removed": says(
        "rule.case.reference_differs.removed",
        one="The original in the reference has “{one}” in {what}, which is missing here.",
        many=(
            "{n} things are not as the original in the reference has them, and nothing lawful explains them. The first:"
            " the original has “{one}” in {what}, which is missing here."
        ),
    ),
}
_WHAT = {
    "words": says("rule.case.reference_differs.what.words", one="the text"),
    "attachment": says("rule.case.reference_differs.what.attachment", one="an attachment"),
    "subject": says("rule.case.reference_differs.what.subject", one="the subject"),
    "sender": says("rule.case.reference_differs.what.sender", one="a sender's field"),
    "recipients": says("rule.case.reference_differs.what.recipients", one="the recipients"),
    "date": says("rule.case.reference_differs.what.date", one="Date"),
    "trace": says("rule.case.reference_differs.what.trace", one="the trace fields"),
    "ids": says("rule.case.reference_differs.what.ids", one="an id"),
    "signature": says("rule.case.reference_differs.what.signature", one="a signature"),
    "around": says("rule.case.reference_differs.what.around", one="text above or below the rest"),
    "form": says("rule.case.reference_differs.what.form", one="the form or another field"),
}

MOST = 10
"""Differences of one mail that are quoted."""
_SHOWN = 160
"""Characters of a value in the sentence."""

ROWS_NEEDED = {"counterparts": 1}

QUERY = """
SELECT sha256, compared FROM counterparts WHERE mail AND outcome = 'differs' ORDER BY sha256, original_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that differs from its original."""

    sha256: str
    compared: str
    """JSON text of a `ComparedLine`."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail once, with the gravest difference first; of a comparison the one is the original."""
    for row in rows:
        line = msgspec.json.decode(row.compared, type=ComparedLine)
        if line.one is not None and line.other is not None:
            found = sorted([one for one in line.differences if not one.lawful], key=_gravity)
            yield _observation(line.one, line.other, found)


def _bin(difference: Difference) -> str:
    return next((name for name, kinds in _BINS.items() if difference.kind in kinds), "form")


def _gravity(difference: Difference) -> int:
    return list(_BINS).index(_bin(difference))


def _observation(original: ComparedItem, item: ComparedItem, found: list[Difference]) -> Observation:
    first = found[0]
    gravest = _bin(first)
    return Observation(
        sentence=_sentence(first, gravest, len(found)),
        bin=gravest,
        evidence=tuple(cite_against(found[:MOST], original, item)),
        suspect=_SUSPECTS.get(gravest, "body" if gravest in ("words", "attachment", "around") else "header"),
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=item.sha256, location=item.location),
            SubjectRef(role=Role.WITNESS, sha256=original.sha256, location=original.location),
        ),
    )


def _sentence(first: Difference, gravest: str, n: int) -> Sentence:
    one, other = first.one.value[:_SHOWN], first.other.value[:_SHOWN]
    form = "changed" if one and other else "removed" if one else "added"
    return _SAID[form](n, what=_WHAT[gravest](), one=one, other=other)


def _row(*found: Difference) -> Row:
    line = ComparedLine(
        outcome=Outcome.DIFFERS,
        one=ComparedItem(sha256="1" * 64, location=location("reference/1.eml", sha256="1" * 64)),
        other=ComparedItem(sha256="0" * 64, location=location()),
        matched_by="message_id",
        mails=True,
        differences=found,
    )
    return Row(sha256="0" * 64, compared=msgspec.json.encode(line).decode())


def _said(value: str) -> Located:
    return Located(value, value.encode(), Locator(ranges=((300, 300 + len(value)),), path="part:1"))


def cases() -> Iterator[Case]:
    """Cases of a word, a date, a field."""
    word = Difference(kind="words", name="1", one=_said("before"), other=_said("after"))
    date = Difference(kind="date", name="date", one=_said("3 May"), other=_said("4 May"))
    yield fires((_row(word),), "another word", bin="words")
    yield fires((_row(date, word),), "the gravest of two counts", bin="words")
    yield fires((_row(date),), "another date", bin="date")
    added = Difference(kind="field_added", name="bcc", other=_said("x"))
    yield fires((_row(added),), "a field that the original does not have", bin="form")
    below = Difference(kind="text_around", name="1", other=_said("Paid by transfer."))
    yield fires((_row(below),), "text below the rest, past another server", bin="around")
    yield silent((), "no mail differs")
