"""Exchange writes the Message-ID into its boundaries; the mail's boundary holds another id."""

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
    id="mail.exchange_boundary",
    version=1,
    title="Exchange's boundary contains another Message-ID",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.MESSAGE_ID | MessageHas.EXCHANGE_BOUNDARY,
    bins=(Bin("other_id"),),
    group="boundary",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.STRONG,
    benign=("resent", "id_by_script", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:B-05", "kb:O-32", "kb:O-49"),
)

_SAID = says(
    "rule.mail.exchange_boundary",
    one="Exchange writes a mail's id into its boundary; this one contains {held}, while the Message-ID is {id}.",
)

_BOUNDARY = re.compile(rb"_\d{3}_(.{8,200}?)_\Z", re.DOTALL)
_PUNCTUATION = re.compile(rb"[^A-Za-z0-9]+")
ENOUGH = 16
"""Letters and digits of an id that no other id begins with."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Look for the beginning of the Message-ID in the root's boundary, punctuation left out."""
    boundary = message.tree.root.boundary if message.tree is not None else None
    found = _BOUNDARY.match(boundary or b"")
    own = _PUNCTUATION.sub(b"", message.message_id.value.encode("utf-8", "replace"))[:ENOUGH]
    if found is None or len(own) < ENOUGH or own.lower() in _PUNCTUATION.sub(b"", found[1]).lower():
        return
    values = {"id": message.message_id.value[:200], "held": found[1].decode("utf-8", "replace")}
    fields = [field for field in message.headers if field.key in ("message-id", "content-type")]
    yield Observation(
        sentence=_SAID(**values),
        bin="other_id",
        evidence=tuple([cite_header(field, Role.EITHER) for field in fields[:2]]),
        suspect="header:Message-ID[0]",
    )


def cases() -> Iterator[Case]:
    """Cases of an own id and of a stranger's."""

    def mail(identifier: str) -> Message:
        boundary = "_000_AM5EUR02MB0101A1B2C3D4E5F60718293A4B5C6DAM5EUR02MB0101eurprd_"
        fields = (("Message-ID", f"<{identifier}>"), ("Content-Type", f'multipart/alternative; boundary="{boundary}"'))
        return message(message_id=identifier, fields=fields, boundary=boundary, form=("boundary=Exchange",))

    other = "5fe452ed-80cd-4a1d-8759-0ca0e03235f9@example.org"
    yield fires(mail(other), "the boundary of another mail", bin="other_id")
    yield silent(mail("AM5EUR02MB0101A1B2C3D4E5F60718293A4B5C6D@AM5EUR02MB0101.eurprd.example"), "its own")
    yield silent(mail("short@x.example"), "an id too short to tell")
