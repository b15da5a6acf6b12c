"""The sender's address is none that the grammar of addresses allows."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_header
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
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
    id="mail.sender_address",
    version=1,
    title="Sender's address has an impossible form",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.FROM,
    bins=(
        Bin("syntax"),
        Bin("dots", ceiling=Strength.CONTEXT),
        Bin("underscore", ceiling=Strength.CONTEXT),
        Bin("no_domain", ceiling=Strength.CONTEXT),
    ),
    group="identity",
    compare_with="sender",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.WEAK,
    benign=("gateway_address", "broken_client", "unsolicited"),
    settle=settle.RELAYS,
    references=("RFC 5321 4.1.2", "RFC 5322 3.4.1", "kb:I-02"),
)

_SAID = {
    "syntax": says(
        "rule.mail.sender_address.syntax",
        one="The sender's address has a form that no address can have: {address}",
    ),
    "dots": says(
        "rule.mail.sender_address.dots",
        one="The sender's address has a dot where none is allowed: {address}",
    ),
    "underscore": says(
        "rule.mail.sender_address.underscore",
        one="The sender's domain contains an underscore, which no mail domain may have: {address}",
    ),
    "no_domain": says("rule.mail.sender_address.no_domain", one="The sender's address names no domain: {address}"),
}

_LOCAL = re.compile(r"[^\x00-\x20\"(),:;<>@\[\\\]\x7f]{1,64}+|\"(?:[^\"\\\r\n]|\\.){0,62}+\"")
_DOMAIN = re.compile(r"[^\x00-,/:-@\[-^`{-\x7f]{1,255}+|\[[!-Z^-~]{1,253}+\]")
"""Both name what may not stand there, which is ASCII: a class of all else takes 2 ms to compile."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Look at the sender alone; what `Party.valid` accepts needs no second look."""
    sender = message.sender
    if sender is None or not sender.address or sender.valid:
        return
    name = _fault(sender.address)
    field = message.field_around(sender.written) if sender.written is not None else None
    if name and field is not None:
        yield Observation(
            sentence=_SAID[name](address=sender.address[:200]),
            bin=name,
            evidence=(cite_header(field, Role.SUSPECT),),
            suspect="header:From[0]",
        )


def _fault(address: str) -> str:
    """Return which part of the grammar an address breaks; empty where it breaks none."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "no_domain"
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)) or "\ufffd" in address:
        return "syntax"
    if domain[:1] == "[":
        return ""
    if not all(local.split(".")) and local[:1] != '"':
        return "dots" if local.strip(".") and domain.strip(".") else "syntax"
    labels = domain.split(".")
    if not all(labels):
        return "dots" if domain.strip(".") else "syntax"
    if any(label[0] == "-" or label[-1] == "-" or len(label) > 63 for label in labels):
        return "syntax"
    return "underscore" if "_" in domain else ""


def cases() -> Iterator[Case]:
    """Cases of each fault, and addresses that look odd and are lawful."""

    def mail(address: str) -> Message:
        return message(sender=address, fields=(("From", f"<{address}>"),))

    yield fires(mail("an(x)n@example.org"), "a comment inside the local part", bin="syntax")
    yield fires(mail("anna@@example.org"), "two signs", bin="syntax")
    yield fires(mail("anna@example.org-"), "a domain that ends at a hyphen", bin="syntax")
    yield fires(mail("m..schmidt@example.org"), "the directory of an organization that leaves a name out", bin="dots")
    yield fires(mail("anna@example.org."), "a dot behind the domain", bin="dots")
    yield fires(mail("anna@mail_1.example.org"), "a host with an underscore", bin="underscore")
    yield fires(mail("moderator"), "a name of its own system", bin="no_domain")
    yield silent(mail("pat.o'brien+x@example.org"), "an apostrophe")
    yield silent(mail('"a b"@example.org'), "a quoted local part")
    yield silent(mail("anna@[IPv6:2001:db8::1]"), "an address of a host")
    yield silent(mail("änna@müller.example"), "letters of any script")
