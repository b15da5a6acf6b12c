"""A date's offset and the name of its zone beside it do not belong together; one program writes both."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.knowledge.zones import zone_names
from forensics.model.facts import Absence, Timestamp
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

RULE = Rule(
    id="mail.zone_comment",
    version=1,
    title="Offset that does not match the time zone named beside it",
    subject=Subject.MESSAGE,
    needs=MessageHas.ZONE_COMMENT,
    bins=(Bin("date"), Bin("trace", ceiling=Strength.CONTEXT)),
    group="date",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("timezone_misconfigured", "broken_client", "unsolicited"),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5322 3.3", "kb:D-02", "kb:D-05", "kb:D-07", "kb:O-18"),
)

_SAID = says(
    "rule.mail.zone_comment",
    one="A date has an offset that the zone named beside it never had: {written}; {name} is {known}.",
)

_NAMED = re.compile(rb"[+-]\d{4} ?\(([A-Z]{2,5})\)")


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each offset against all that its zone's name ever stood for; names that no table has say nothing."""
    for stamp in (message.date, *[hop.time for hop in message.trace]):
        if isinstance(stamp, Timestamp) and b"(" in stamp.raw and (name := _wrong(stamp.raw, stamp.offset_s)):
            yield _observation(stamp, name, "date" if stamp is message.date else "trace")
            return


def _wrong(raw: bytes, offset_s: int | Absence) -> str:
    """Return the zone's name where its offset never was this one."""
    found = _NAMED.search(raw, len(raw) - 20)
    if found is None or not isinstance(offset_s, int):
        return ""
    name = found[1].decode("ascii")
    offsets = zone_names().get(name)
    return name if offsets is not None and offset_s not in offsets else ""


def _observation(stamp: Timestamp, name: str, bin: str) -> Observation:
    written = " ".join(stamp.raw.decode("ascii", "replace").split())[:100]
    known = " or ".join([_offset(offset) for offset in sorted(zone_names()[name])])
    return Observation(
        sentence=_SAID(written=written, name=name, known=known),
        bin=bin,
        evidence=(cite("Date" if bin == "date" else "Received", stamp, Role.SUSPECT),),
        suspect=stamp.locator.path,
    )


def _offset(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}"


def cases() -> Iterator[Case]:
    """Cases of names with their own offsets, with others, and of names that are shared."""

    def mail(date: str) -> Message:
        return message("2017-03-06T10:00:00-07:00", raw_date=f"Mon, 6 Mar 2017 10:00:00 {date}".encode())

    yield fires(mail("-0700 (PST)"), "summer's offset under winter's name", bin="date")
    yield fires(mail("-0700 (CET)"), "a zone on the other side of the world", bin="date")
    yield silent(mail("-0700 (PDT)"), "its own")
    yield silent(mail("-0700 (MST)"), "a place without summer time")
    yield silent(mail("-0700 (XYZT)"), "a name that no table has")
