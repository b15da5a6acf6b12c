"""Who sent the mail is written so that two programs read it in two ways."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from forensics.checks import settle
from forensics.checks._facts import cite_field, cite_header, settled
from forensics.checks._on_behalf import on_behalf, other_sender
from forensics.checks._sender_syntax import hides_address, is_path, is_spaced, is_twisted, is_written_spaced, route_of
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import attachment, message
from forensics.knowledge.suffixes import organization
from forensics.model.mail import HeaderField, Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.sender_ambiguous",
    version=3,
    title="Sender that can be read in two ways",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER,
    bins=(
        Bin("two_from"),
        Bin("several_from", ceiling=Strength.MODERATE),
        Bin("from_syntax"),
        Bin("spaced_from", ceiling=Strength.WEAK),
        Bin("envelope_syntax", ceiling=Strength.MODERATE),
        Bin("signer_syntax"),
        Bin("address_in_name", ceiling=Strength.WEAK),
        Bin("other_sender", ceiling=Strength.WEAK),
    ),
    group="identity",
    compare_with="sender",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("broken_client", "list_copy", "on_behalf", "unsolicited"),
    settle=settle.RELAYS,
    references=("RFC 5322 3.6.2", "RFC 6376 3.5", "kb:I-02", "kb:I-03", "kb:D-15"),
)

_SAID = {
    "two_from": says(
        "rule.mail.sender_ambiguous.two_from",
        one="The mail has {count} From fields, or lines that some programs read as one.",
    ),
    "several_from": says(
        "rule.mail.sender_ambiguous.several_from",
        one="From lists addresses at several organizations: {shown}",
    ),
    "spaced_from": says(
        "rule.mail.sender_ambiguous.spaced_from",
        one=(
            "There is white space between From and its colon, as old programs wrote it and some programs cannot "
            "read it; other fields of the mail have none: {shown}"
        ),
    ),
    "from_syntax": says("rule.mail.sender_ambiguous.from_syntax", one="From can be read in two ways: {shown}"),
    "envelope_syntax": says(
        "rule.mail.sender_ambiguous.envelope_syntax",
        one="The envelope's sender can be read in two ways: {shown}",
    ),
    "signer_syntax": says(
        "rule.mail.sender_ambiguous.signer_syntax",
        one="A signature names a domain or selector that cannot be a domain name: {domain}, {selector}",
    ),
    "address_in_name": says(
        "rule.mail.sender_ambiguous.address_in_name",
        one="The name beside the address is an address at another organization: “{name}” is shown for {address}.",
    ),
    "other_sender": says(
        "rule.mail.sender_ambiguous.other_sender",
        one="Sender is {sender}, From is {address}, and no list explains it.",
    ),
}

_FROM = re.compile(rb"\s*From\s*:", re.IGNORECASE)
_NAMED_ADDRESS = re.compile(r"[^\s<>\"'()@]@([A-Za-z0-9.-]{1,200})")
_NAMES = re.compile(r"[\w.-]*")
"""Letters of any script (RFC 8616 5)."""
_cite = partial(cite_header, role=Role.SUSPECT)


class Doubt(NamedTuple):
    """One way in which a sender can be read twice."""

    bin: str
    cited: Evidence
    values: dict[str, str]
    benign: tuple[BenignState, ...] = ()


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report each kind of doubt once."""
    told: set[str] = set()
    for doubt in _doubts(message):
        if doubt.bin not in told:
            told.add(doubt.bin)
            yield _observation(doubt)


def _doubts(message: Message) -> Iterator[Doubt]:
    lines = _lines(message)
    odd = next((field for field in lines if not field.name or field.raw[4:5] != b":"), None)
    if len(lines) > 1:
        yield Doubt("two_from", _cite(odd or lines[1]), {"count": str(len(lines))})
    elif odd is not None and not is_spaced(odd):
        yield Doubt("from_syntax", _cite(odd), {"shown": _shown(odd.raw)})
    elif odd is not None and not is_written_spaced(message.headers):
        yield Doubt("spaced_from", _cite(odd), {"shown": _shown(odd.raw)})
    lines = lines or message.by_key.get(">from", ())
    for field in lines:
        if is_twisted(field.body) or (b"=?" in field.raw and hides_address(field.body)):
            yield Doubt("from_syntax", _cite(field), {"shown": _shown(field.body)})
    for field in message.by_key.get("return-path", ()):
        if not is_path(field.body) or _routed_by_author(message, field):
            yield Doubt("envelope_syntax", _cite(field), {"shown": _shown(field.body)})
    for signature in message.signatures:
        if signature.kind != "google" and not _NAMES.fullmatch(signature.domain + signature.selector):
            values = {"domain": signature.domain[:100], "selector": signature.selector[:100]}
            yield Doubt("signer_syntax", cite_field(signature, Role.SUSPECT), values)
            break
    yield from _parties(message, lines)


def _lines(message: Message) -> Sequence[HeaderField]:
    """Return the From fields, and the lines that some programs read as one, topmost first."""
    lines = message.by_key.get("from", ())
    unnamed = [field for field in message.by_key.get("", ()) if _FROM.match(field.raw)]
    return sorted([*lines, *unnamed], key=lambda field: field.start) if unnamed else lines


def _routed_by_author(message: Message, path: HeaderField) -> bool:
    """Whether a route names the author's organization before an address of another: some programs read the route."""
    if b":" not in path.body:
        return False
    route = {organization(domain) for domain in route_of(path.body)}
    authors = {organization(party.domain) for party in message.parties if party.field == "from" and party.domain}
    ends = {organization(party.domain) for party in message.parties if party.field == "return-path" and party.domain}
    return bool(route & authors - ends)


def _parties(message: Message, lines: Sequence[HeaderField]) -> Iterator[Doubt]:
    authors = [party for party in message.parties if party.field == "from" and party.domain]
    if not authors or not lines:
        return
    organizations = {organization(party.domain) for party in authors}
    if len(organizations) > 1 and len(lines) == 1:
        yield Doubt("several_from", _cite(lines[0]), {"shown": _shown(lines[0].body)})
    named = _NAMED_ADDRESS.search(authors[0].name) if "@" in authors[0].name else None
    if named is not None and "." in named[1] and organization(named[1]) not in organizations and not message.list_id:
        yield Doubt("address_in_name", _cite(lines[0]), {"name": authors[0].name[:200], "address": authors[0].address})
    field = message.first("sender")
    sender = other_sender(message, organizations) if field is not None else None
    if sender is not None and field is not None:
        values = {"sender": sender.address, "address": authors[0].address}
        reason = on_behalf(message, sender.domain)
        benign = (settled("on_behalf", State.EXPLAINS, reason),) if reason else ()
        yield Doubt("other_sender", _cite(field), values, benign)


def _shown(raw: bytes) -> str:
    return " ".join(raw.decode("utf-8", "replace").split())[:200]


def _observation(doubt: Doubt) -> Observation:
    return Observation(
        sentence=_SAID[doubt.bin](**doubt.values),
        bin=doubt.bin,
        evidence=(doubt.cited,),
        suspect=doubt.cited.locator.path,
        benign=doubt.benign,
    )


def cases() -> Iterator[Case]:
    """Cases of each doubt, and what genuine mail has."""

    def mail(*fields: tuple[str, str], domain: str = "") -> Message:
        signatures = ((domain, "s1"),) if domain else ()
        return message(fields=fields, signatures=signatures)

    plain = ("From", "Anna <anna@example.org>")
    yield fires(mail(plain, ("From", "<eva@example.com>")), "two From fields", bin="two_from")
    route = ("From", "<@example.com,@example.net:anna@example.org>")
    yield fires(mail(route), "a route before the address", bin="from_syntax")
    hidden = ("From", "=?utf-8?B?PGFubmFAZXhhbXBsZS5vcmc+?=, <eva@example.com>")
    yield fires(mail(hidden), "an address inside an encoded word", bin="from_syntax")
    yield fires(mail(("From", "<eva@example.com>anna@example.org")), "two addresses run together", bin="from_syntax")
    path = ("Return-Path", "<eva@example.org(a.example.com>")
    yield fires(mail(plain, path), "a comment that opens inside the envelope address", bin="envelope_syntax")
    routed = (plain, ("Return-Path", "<@example.org,@mx.example.net:eva@example.com>"))
    away = (("from", "", "anna@example.org"), ("return-path", "", "eva@example.com"))
    yield fires(message(fields=routed, parties=away), "a route over the author's organization", bin="envelope_syntax")
    home = (("from", "", "anna@example.org"), ("return-path", "", "anna@example.org"))
    yield silent(message(fields=routed, parties=home), "a route that leads to the author")
    yield fires(mail(plain, domain="example.org'a.example"), "a quote inside the signer's domain", bin="signer_syntax")
    sender = ("Sender", "<eva@example.net>")
    service = (("sender", "", "eva@example.net"),)
    yield fires(message(fields=(plain, sender), parties=service), "another organization's Sender", bin="other_sender")
    invited = message(fields=(plain, sender), parties=service, attached=(attachment(9, 9, "text/calendar"),))
    yield explained(invited, "an invitation", by="on_behalf")
    spaced, subject = ("From ", "Anna <anna@example.org>"), ("Subject ", "Minutes")
    yield fires(mail(spaced, ("Subject", "Minutes")), "white space behind From alone", bin="spaced_from")
    yield silent(message(None, fields=(spaced, subject)), "white space behind all names")
    both = message(fields=(plain,), parties=(("from", "", "eva@example.net"),))
    yield fires(both, "two organizations in one From", bin="several_from")
    named = message(sender="", fields=(plain,), parties=(("from", "chief@example.org", "x@example.net"),))
    yield fires(named, "an address as a name", bin="address_in_name")
    listed = message(
        fields=(plain, ("Sender", "<owner-l@example.net>")), parties=(("sender", "", "owner-l@example.net"),)
    )
    yield silent(listed, "a list's Sender")
    yield silent(mail(plain, ("Return-Path", "<anna@example.org>"), domain="example.org"), "an ordinary mail")
    yield silent(mail(("From", "=?utf-8?B?QW5uYQ==?= <anna@example.org>")), "an encoded name")
    for lawful in ("<>", "<pat.o'brien@example.org>", '<"a b"@example.org>', "<anna@[IPv6:2001:db8::1]>"):
        yield silent(mail(plain, ("Return-Path", lawful)), f"a lawful path: {lawful}")
    yield silent(mail(plain, domain="müller.example"), "a domain in its own script")
    yield silent(mail(("From", "\x1b$BF|K\\\x1b(B <anna@example.org>")), "letters of ISO-2022-JP as they are")
