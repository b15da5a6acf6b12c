"""A mark of drafts stands in a mail that servers delivered.

Programs mark what is not sent yet, and take the mark away, or leave it in their own folder, when they send it. Who
opens a delivered mail as a draft to change it and stores it again keeps the stamps and gets the mark. A draft of one
program that another one sent can keep it too.
"""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_field, cite_header
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.times import DAY
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
    id="mail.draft_received",
    version=1,
    title="Mark of a draft in a delivered mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.TRACE_TIME_1,
    bins=(Bin("marked"),),
    group="form",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_device", "broken_client", "imported", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("kb:O-35", "kb:O-36"),
)

_SAID = says(
    "rule.mail.draft_received",
    one="{name} marks a draft of {program}, but a server stamped the mail as delivered ({server}).",
)

_MARKS = (
    ("x-uniform-type-identifier", "Apple Mail", re.compile(rb"\s*com\.apple\.mail-draft\s*")),
    ("x-mozilla-draft-info", "Thunderbird", re.compile(rb"\s*internal/draft\b.*", re.DOTALL)),
    ("x-unsent", "Outlook or Windows Mail", re.compile(rb"\s*1\s*")),
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first mark."""
    by_key = message.by_key
    for key, program, held in _MARKS if message.trace else ():
        if key in by_key and held.fullmatch(by_key[key][0].body):
            field, newest = by_key[key][0], message.trace[0]
            yield Observation(
                sentence=_SAID(name=field.name, program=program, server=newest.by[:120] or newest.with_[:120]),
                bin="marked",
                evidence=(cite_header(field, Role.SUSPECT), cite_field(newest, Role.WITNESS)),
                suspect=f"header:{field.name}[0]",
            )
            return


def cases() -> Iterator[Case]:
    """Cases of marks with and without stamps."""
    hops = [("mx.example.org", f"{DAY}T10:00:05+00:00")]
    apple = [("X-Uniform-Type-Identifier", "com.apple.mail-draft")]
    mozilla = [("X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0")]
    yield fires(message(hops=hops, fields=apple), "a draft of Apple Mail that was delivered", bin="marked")
    yield fires(message(hops=hops, fields=mozilla), "of Thunderbird", bin="marked")
    yield fires(message(hops=hops, fields=[("X-Unsent", "1")]), "of Outlook", bin="marked")
    yield silent(message(fields=apple), "a draft that nobody delivered")
    yield silent(message(hops=hops, fields=[("X-Unsent", "0")]), "sent")
    yield silent(message(hops=hops, fields=[("X-Uniform-Type-Identifier", "com.apple.mail-note")]), "a note")
