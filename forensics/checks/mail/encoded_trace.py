"""Encoded words stand in a field that a machine writes and reads: a program that takes it for text wrote it anew.

RFC 2047 allows them in text, comments and names. No server writes its stamp with them, no client its Date; libraries
that write a whole header anew do, where a field is long or has a byte beyond ASCII.
"""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_header
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.mail import HeaderField, Message
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
    id="mail.encoded_trace",
    version=1,
    title="Encoded words where none may stand",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER,
    # Of a few programs that are written in Python the Message-ID is so from the beginning.
    bins=(Bin("server"), Bin("date"), Bin("id")),
    group="form",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("header_rewritten", "broken_client", "broken_server", "imported", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("RFC 2047 5", "kb:F-03"),
)

_SAID = says(
    "rule.mail.encoded_trace",
    one=(
        "{name} holds encoded words, as a subject may; whoever writes this field does not: a program wrote the header "
        "anew."
    ),
)

_FIELDS = {
    "received": "server",
    "return-path": "server",
    "delivered-to": "server",
    "date": "date",
    "mime-version": "date",
    "message-id": "id",
}
_WORD = re.compile(rb"(?:^|[\s<(])=\?[A-Za-z0-9_-]{1,40}\?[BbQq]\?[!->@-~]{1,200}\?=")


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the topmost such field of each kind."""
    told: set[str] = set()
    fields = message.by_key
    for key, name in _FIELDS.items():
        for place, field in enumerate(fields.get(key, ())):
            if b"?" in field.raw and name not in told and _WORD.search(field.body):
                told.add(name)
                yield _observation(field, place, name)


def _observation(field: HeaderField, place: int, name: str) -> Observation:
    return Observation(
        sentence=_SAID(name=field.name),
        bin=name,
        evidence=(cite_header(field, Role.SUSPECT),),
        suspect=f"header:{field.name}[{place}]",
    )


def cases() -> Iterator[Case]:
    """Cases of fields that are text, and of those that are none."""
    word = "=?utf-8?q?from_a=2Eexample_by_mx=2Eexample?="
    yield fires(message(fields=[("Received", f"{word}; Mon, 6 Mar 2017 10:00:00 +0000")]), "a stamp", bin="server")
    yield fires(message(fields=[("Date", "=?utf-8?q?Mon=2C_6_Mar_2017?=")]), "a date", bin="date")
    yield fires(message(fields=[("Message-ID", "=?utf-8?q?=3C1=40a=2Eexample=3E?=")]), "an id", bin="id")
    yield silent(message(fields=[("Subject", word), ("From", f"{word} <a@b.example>")]), "text, and a name")
    yield silent(message(fields=[("Received", "from a by b id =?x; Mon, 6 Mar 2017 10:00:00 +0000")]), "no word")
