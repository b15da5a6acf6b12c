"""A store's properties of a mail say otherwise than the header that came with it, which the store keeps too."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, MINUTE, bin_of, cite, cite_field, clock, span, whole_hours
from forensics.checks._stored import cite_stored, first_time, not_by_library, said
from forensics.checks._subjects import letters
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.stored import kept
from forensics.model.facts import Fact, Located, Timestamp
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
    id="mail.stored_differs",
    version=1,
    title="A store says otherwise than the header that it keeps",
    subject=Subject.MESSAGE,
    needs=MessageHas.STORED | MessageHas.HEADER,
    bins=(
        Bin("subject"),
        Bin("message_id"),
        Bin("sender"),
        Bin("submitted>1d", ("submitted>2min",)),
        Bin("submitted_whole_hours"),
        Bin("submitted>2min"),
    ),
    group="store",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    contradiction=True,
    benign=("store_by_library", "subject_edited", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("[MS-OXOMSG] 2.2.3", "[MS-OXCMAIL] 2.2", "kb:O-37"),
)

_DIFFERS = {
    "subject": says(
        "rule.mail.stored_differs.subject",
        one="The store has the subject “{stored}”; the header that it was delivered with, “{header}”.",
    ),
    "message_id": says(
        "rule.mail.stored_differs.message_id",
        one="The store has the Message-ID {stored}; the header that it was delivered with, {header}.",
    ),
    "sender": says(
        "rule.mail.stored_differs.sender",
        one="The store has {stored} as the sender; the header that it was delivered with, {header}.",
    ),
}
_SUBMITTED = says(
    "rule.mail.stored_differs.submitted",
    one=(
        "The store says that it was submitted at {submitted} UTC; the header that it was delivered with, {date} UTC: "
        "{apart} apart."
    ),
)
_BINS = ((DAY, "submitted>1d"), (2 * MINUTE, "submitted>2min"))
_LONGEST = 255
"""Characters of a subject that some stores keep."""


def check(mail: Message, context: Context) -> Iterator[Observation]:
    """Compare what stores take from the header at delivery.

    Seen in 158 stored mails with a header, of test collections and one leak: all agree.
    """
    subject, written = said(mail, "subject"), said(mail, "message_id")
    if subject is not None and mail.first("subject") and not _same_subject(subject.value, mail.subject.value):
        yield _differs(mail, "subject", subject, mail.subject)
    if written is not None and mail.first("message-id"):
        stored, own = written.value.strip(" <>\t\r\n"), mail.message_id.value.strip()
        if stored and own and stored != own:
            yield _differs(mail, "message_id", written, mail.message_id)
    yield from _sender(mail)
    yield from _submitted(mail)


def _same_subject(stored: str, header: str) -> bool:
    """Whether two subjects have the same letters, as far as both were decoded and kept."""
    mine, yours = letters(stored), letters(header)
    if not mine or not yours or "\ufffd" in stored + header or "?" * 3 in stored + header:
        return True
    return mine == yours or (len(stored) >= _LONGEST - 5 and yours.startswith(mine))


def _sender(mail: Message) -> Iterator[Observation]:
    """Compare whom the store calls the author; it may call the one who sent for another the sender."""
    for name in ("sent_representing_smtp_address", "sender_smtp_address"):
        stored = said(mail, name)
        if stored is None or "@" not in stored.value:
            continue
        names = ("from",) if name.startswith("sent_representing") else ("sender", "from", "reply-to", "return-path")
        known = {party.address.lower() for party in mail.parties if party.field in (*names, "resent-from")}
        sender = mail.sender
        if sender is not None and sender.written is not None and stored.value.strip().lower() not in known:
            yield _differs(mail, "sender", stored, sender.written)
            return


def _submitted(mail: Message) -> Iterator[Observation]:
    submitted, date = first_time(mail, TimeKind.SUBMITTED), mail.date
    if submitted is None or not isinstance(date, Timestamp) or date.kind is not TimeKind.DATE:
        return
    if not isinstance(date.instant, int) or not isinstance(submitted.instant, int):
        return
    apart = abs(submitted.instant - date.instant)
    name = bin_of(apart, _BINS)
    if name:
        yield Observation(
            sentence=_SUBMITTED(submitted=clock(submitted.instant), date=clock(date.instant), apart=span(apart)),
            bin="submitted_whole_hours" if whole_hours(apart) else name,
            evidence=(cite("submitted", submitted, Role.EITHER), cite("Date", date, Role.EITHER)),
            suspect=submitted.locator.path,
            benign=not_by_library(mail),
        )


def _differs(mail: Message, name: str, stored: Fact, header: Located) -> Observation:
    return Observation(
        sentence=_DIFFERS[name](stored=stored.value[:200], header=header.value[:200]),
        bin=name,
        evidence=(
            cite_stored("in the store", stored, Role.EITHER),
            cite_field(header, Role.EITHER, header.value[:1000]),
        ),
        suspect=stored.locator.path,
        benign=not_by_library(mail),
    )


def cases() -> Iterator[Case]:
    """Cases of each property."""
    key = {"search_key": "AB"}
    mail = message(fields=(("Subject", "Minutes"), ("Message-ID", "<1@example.org>")))
    same = {"subject": "Minutes", "message_id": "<1@example.org>", "sent_representing_smtp_address": "anna@example.org"}
    yield silent(kept(mail, {**key, **same}, {TimeKind.SUBMITTED: "2017-03-06T10:00:00+00:00"}), "as delivered")
    yield fires(kept(mail, {**key, "subject": "Payments"}, {}), "another subject", bin="subject")
    yield silent(kept(mail, {**key, "subject": "MINUTES "}, {}), "other spaces and letters")
    yield fires(kept(mail, {**key, "message_id": "<2@example.org>"}, {}), "another id", bin="message_id")
    other = {**key, "sent_representing_smtp_address": "zoe@example.net"}
    yield fires(kept(mail, other, {}), "another author", bin="sender")
    late = kept(mail, key, {TimeKind.SUBMITTED: "2017-03-09T10:00:00+00:00"})
    yield fires(late, "submitted three days later", bin="submitted>1d")
    zone = kept(mail, key, {TimeKind.SUBMITTED: "2017-03-06T12:00:00+00:00"})
    yield fires(zone, "submitted two hours later: another zone", bin="submitted_whole_hours")
    yield fires(
        kept(mail, {"subject": "Payments"}, {}), "no key of Outlook: a converter may have made it", bin="subject"
    )
