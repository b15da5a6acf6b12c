"""A store's times of a mail contradict their order: submitted, delivered, this copy made, this copy last changed."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, bin_of, cite, clock, offsets, span
from forensics.checks._stored import first_time, is_mail, not_by_library
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.stored import kept
from forensics.model.facts import Timestamp
from forensics.model.mail import Message
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
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.stored_order",
    version=1,
    title="Times of a store in an order that cannot be",
    subject=Subject.MESSAGE,
    needs=MessageHas.STORED_TIMES,
    bins=(
        Bin("delivered_before_submitted>1d", ("delivered_before_submitted>1h",)),
        Bin("delivered_before_submitted>1h"),
        Bin("made_before_delivered>1d", ("made_before_delivered>1h",)),
        Bin("made_before_delivered>1h"),
        Bin("changed_before_made>1d", ("changed_before_made>1h",)),
        Bin("changed_before_made>1h"),
    ),
    group="store",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("store_by_library", "imported", "sender_clock", "wrong_offset", "clock_skew"),
    settle=settle.MAILBOX_OWNER,
    references=("kb:T-90",),
)

_SAID = {
    "delivered_before_submitted": says(
        "rule.mail.stored_order.delivered",
        one="The store got the mail at {first} UTC, {apart} before it was submitted at {last} UTC.",
    ),
    "made_before_delivered": says(
        "rule.mail.stored_order.made",
        one="The store's copy was made at {first} UTC, {apart} before the mail was delivered at {last} UTC.",
    ),
    "changed_before_made": says(
        "rule.mail.stored_order.changed",
        one="The store's copy was last changed at {first} UTC, {apart} before it was made at {last} UTC.",
    ),
}
_LABELS = {
    TimeKind.SUBMITTED: "submitted",
    TimeKind.STORED: "delivered",
    TimeKind.MAPI_CREATED: "copy made",
    TimeKind.MAPI_MODIFIED: "copy changed",
}


def check(mail: Message, context: Context) -> Iterator[Observation]:
    """Compare neighbors in the order; a copy is made before delivery where the mail was written in this mailbox.

    Outlook writes some of them to the minute, so that hours count. Seen in 225 stored mails of test collections and one
    leak: none is in another order by more than a minute.
    """
    if not is_mail(mail):
        return
    delivered = first_time(mail, TimeKind.STORED)
    yield from _ordered(mail, "delivered_before_submitted", delivered, first_time(mail, TimeKind.SUBMITTED))
    made = first_time(mail, TimeKind.MAPI_CREATED)
    if mail.trace:
        yield from _ordered(mail, "made_before_delivered", made, delivered)
    yield from _ordered(mail, "changed_before_made", first_time(mail, TimeKind.MAPI_MODIFIED), made)


def _ordered(mail: Message, name: str, first: Timestamp | None, second: Timestamp | None) -> Iterator[Observation]:
    """Report that what should follow comes first."""
    if first is None or second is None or not isinstance(first.instant, int) or not isinstance(second.instant, int):
        return
    apart = second.instant - first.instant
    found = bin_of(apart, ((DAY, f"{name}>1d"), (HOUR, f"{name}>1h")))
    if found:
        yield Observation(
            sentence=_SAID[name](first=clock(first.instant), last=clock(second.instant), apart=span(apart)),
            bin=found,
            evidence=(cite(_LABELS[first.kind], first, Role.EITHER), cite(_LABELS[second.kind], second, Role.EITHER)),
            suspect=first.locator.path,
            benign=(*offsets("wrong_offset", apart), *not_by_library(mail)),
        )


def cases() -> Iterator[Case]:
    """Cases of each pair."""
    sent, got, made, changed = TimeKind.SUBMITTED, TimeKind.STORED, TimeKind.MAPI_CREATED, TimeKind.MAPI_MODIFIED
    mail = message(hops=(("mx.example", "10:00:00"),))
    day = "2017-03-0{}T10:00:00+00:00".format
    order = {sent: day(6), got: day(6), made: day(6), changed: day(9)}
    yield silent(kept(mail, {}, order), "changed days later: a flag, an answer, an archive")
    yield fires(kept(mail, {}, {**order, got: day(4)}), "delivered first", bin="delivered_before_submitted>1d")
    yield fires(kept(mail, {}, {**order, made: day(4)}), "made first", bin="made_before_delivered>1d")
    yield silent(kept(message(), {}, {**order, made: day(5)}), "written a day before it was sent")
    yield fires(kept(mail, {}, {**order, changed: day(4)}), "changed first", bin="changed_before_made>1d")
    yield silent(kept(mail, {"message_class": "IPM.Appointment"}, {**order, changed: day(4)}), "no mail")
