"""The mail has a mark that did not exist yet when all its clocks say it was sent."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from forensics.checks import settle
from forensics.checks._facts import DAY, cite, cite_header, clock, latest_printed
from forensics.checks._programs import releases
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.knowledge import births
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

RULE = Rule(
    id="mail.mark_after_date",
    version=2,
    title="Mark newer than the mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.DATE_INSTANT,
    bins=(
        Bin("field"),
        Bin("other_field", ceiling=Strength.MODERATE),
        Bin("program"),
        Bin("program_seen", ceiling=Strength.WEAK),
        Bin("domain", ceiling=Strength.MODERATE),
        Bin("character", ceiling=Strength.MODERATE),
        Bin("trace_word", ceiling=Strength.MODERATE),
    ),
    group="date",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "added_later", "prerelease", "unsolicited"),
    of_program=True,
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("kb:D-20", "kb:D-22", "kb:D-23", "kb:D-25", "kb:D-28", "kb:F-20", "kb:O-17", "kb:O-19"),
)

_SAID = {
    "field": says(
        "rule.mail.mark_after_date.field",
        one="The mail has the field {mark}, first seen on {born}; the mail's latest clock says {printed} UTC.",
    ),
    "other_field": says(
        "rule.mail.mark_after_date.other_field",
        one="The mail has the field {mark}, first seen on {born}; the mail's latest clock says {printed} UTC.",
    ),
    "program": says(
        "rule.mail.mark_after_date.program",
        one="The mail names {mark}, released on {born}; the mail's latest clock says {printed} UTC.",
    ),
    "program_seen": says(
        "rule.mail.mark_after_date.program_seen",
        one="The mail names {mark}, first seen on {born}; the mail's latest clock says {printed} UTC.",
    ),
    "domain": says(
        "rule.mail.mark_after_date.domain",
        one=(
            "The sender's address is at {mark}, under a top-level domain delegated on {born}; the mail's latest "
            "clock says {printed} UTC."
        ),
    ),
    "character": says(
        "rule.mail.mark_after_date.character",
        one=(
            "The subject contains the character {mark}, which has been in Unicode since {born}; the mail's "
            "latest clock says {printed} UTC."
        ),
    ),
    "trace_word": says(
        "rule.mail.mark_after_date.trace_word",
        one=(
            "A trace field names {mark}, which no server could write before {born}; the mail's latest clock says "
            "{printed}."
        ),
    ),
}

SLACK = {"field": 90, "program_seen": 365, "domain": 30, "character": 60, "trace_word": 90}
"""Days before its first sighting or release at which a mark is no surprise (knowledge base D-20 to D-28)."""
_PERIOD = 365
"""Days of a period: what is younger is looked up once for all mails of one."""
_SENDING = frozenset(("from", "sender"))
"""Addresses that mail came from, so that they were there; any other may be a slip of who typed it."""
_CLIENTS = ("user-agent", "x-mailer")


class Mark(NamedTuple):
    """What shows, when it came into the world, and the field that shows it."""

    bin: str
    what: str
    born: int
    """Days since 1970."""
    field: str


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each mark's birth against the latest clock that the mail prints: Date, or a server's stamp."""
    printed = latest_printed(message)
    if printed is None:
        return
    stamp, latest = printed
    youngest: dict[str, Mark] = {}
    for mark in _marks(message, latest // DAY):
        if mark.bin not in youngest or mark.born > youngest[mark.bin].born:
            youngest[mark.bin] = mark
    for mark in youngest.values():
        yield from _observe(message, mark, stamp, latest)


def _marks(message: Message, day: int) -> Iterator[Mark]:
    """Yield what came into the world after a day, by more than its slack."""
    fields = _younger_fields(day // _PERIOD)
    for key in sorted(fields.keys() & message.by_key.keys()) if fields else ():
        if fields[key] - SLACK["field"] > day:
            name = "field" if key in births.FIRM_FIELDS else "other_field"
            yield Mark(name, message.by_key[key][0].name, fields[key], key)
    words = [(word, born) for word, born in births.trace_births().items() if born - SLACK["trace_word"] > day]
    if words:
        trace = b"\n".join([hop.raw for hop in message.by_key.get("received", ())])
        yield from [Mark("trace_word", word.decode("ascii"), born, "received") for word, born in words if word in trace]
    if message.client.value:
        yield from [mark for mark, surprise in _programs(message.client.value) if surprise > day]
    tlds = births.tld_births()
    for party in message.parties:
        if party.field in _SENDING:
            born = tlds.get(party.domain.rpartition(".")[2], 0)
            if born - SLACK["domain"] > day:
                yield Mark("domain", party.domain, born, party.field)
    if not message.subject.value.isascii():
        characters = births.character_births()
        for character in message.subject.value:
            born = characters.get(ord(character), 0)
            if born - SLACK["character"] > day:
                yield Mark("character", f"U+{ord(character):04X}", born, "subject")


@lru_cache(256)
def _younger_fields(period: int) -> Mapping[str, int]:
    """Return the births of fields that may surprise in a mail of a period, or of a later one: mostly none."""
    return {key: born for key, born in births.field_births().items() if born - SLACK["field"] > period * _PERIOD}


@lru_cache(4096)
def _programs(client: str) -> tuple[tuple[Mark, int], ...]:
    """Return what shows a program's age, each with the last day before which it surprises."""
    seen = births.client_sightings().get(client, 0)
    marks = [(Mark("program_seen", client[:200], seen, ""), seen - SLACK["program_seen"])]
    marks += [(Mark("program", one.shown, one.born, ""), one.surprising) for one in releases(client)]
    return tuple(marks)


def _observe(message: Message, mark: Mark, stamp: Timestamp, latest: int) -> Iterator[Observation]:
    keys = (mark.field,) if mark.field else _CLIENTS
    shown = mark.what.encode() if mark.bin == "trace_word" else b""
    field = next((field for field in message.headers if field.key in keys and shown in field.raw), None)
    if field is None:
        return
    values = {"mark": mark.what, "born": clock(mark.born * DAY)[:10], "printed": clock(latest)}
    yield Observation(
        sentence=_SAID[mark.bin](**values),
        bin=mark.bin,
        evidence=(cite("latest clock", stamp, Role.SUSPECT), cite_header(field, Role.WITNESS, mark.what)),
        suspect=stamp.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases of each mark, and the innocent ones."""

    def mail(date: str, name: str, body: str = "x", *, client: str = "", subject: str = "Minutes") -> Message:
        return message(date, fields=((name, body),), client=client, subject=subject)

    early, late = "2011-03-06T10:00:00+00:00", "2019-03-06T10:00:00+00:00"
    yield fires(mail(early, "X-Google-DKIM-Signature"), "a field of 2012 in a mail of 2011", bin="field")
    yield fires(mail("2004-01-06T10:00:00+00:00", "DKIM-Signature"), "signed before DKIM", bin="other_field")
    phone = mail(early, "X-Mailer", "iPhone Mail (19B81)", client="iPhone Mail (19B81)")
    yield fires(phone, "a telephone of 2021 in a mail of 2011", bin="program")
    hop = mail(early, "Received", "from a by b with ESMTPS (version=TLS1_3 cipher=X); Sun, 6 Mar 2011 10:00:00 +0000")
    yield fires(hop, "a protocol of 2018 in a hop of 2011", bin="trace_word")
    mutt = mail("1999-03-06T10:00:00+00:00", "User-Agent", "Alpine 2.00", client="Alpine 2.20 (DEB 67 2015-01-07)")
    yield fires(mutt, "a version first seen in 2015", bin="program_seen")
    shop = message(early, sender="anna@mail.shop", fields=(("From", "anna@mail.shop"),))
    yield fires(shop, "an address below a domain of 2016", bin="domain")
    for field in ("To", "Cc", "Reply-To"):
        typed = message(early, fields=((field, "willa@us.ibm"),), parties=((field.lower(), "", "willa@us.ibm"),))
        yield silent(typed, f"an address that somebody typed, in {field}")
    yield fires(mail(early, "Subject", "x", subject="\U0001f947"), "a medal of 2016 in a subject", bin="character")
    yield silent(mail(late, "X-Google-DKIM-Signature"), "the field after its birth")
    yield silent(mail("2012-01-06T10:00:00+00:00", "X-Google-DKIM-Signature"), "two months before its first sighting")
    hops = (("mx.example", late),)
    stamped = message(early, hops=hops, fields=(("X-Google-DKIM-Signature", "x"),))
    yield silent(stamped, "only Date is early: a server's clock is late enough")
