"""A field that stands once in a mail stands again above the one that is signed: programs show the topmost.

A signature covers the lowest fields of a name, as many as it names; one that is put on top leaves it whole.
"""

from collections.abc import Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_header
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.authentication import fields_above
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
    id="mail.doubled_field",
    version=1,
    title="Field added above a signed one",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.HEADER,
    bins=(Bin("above"),),
    group="content",
    compare_with="list",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("rewritten_on_way", "broken_client", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6", "RFC 6376 5.4.2", "RFC 6376 8.15", "kb:A-03"),
)

_SAID = says(
    "rule.mail.doubled_field",
    one=(
        "{name} stands {count} times, and the signature of {signer} covers {covered} of these, from the lowest: what "
        "stands on top was added to a signed mail, or is not what was signed."
    ),
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report each name once, by the first signature that covers fewer fields of it than there are."""
    told: set[str] = set()
    for signature in message.signatures:
        if signature.kind not in ("dkim", "ams"):
            continue
        for name in fields_above(signature.signed_fields, signature.fields_present):
            if name not in told:
                told.add(name)
                covered = signature.signed_fields.count(name)
                yield _observation(message.by_key.get(name, ()), covered, signature.domain)


def _observation(fields: Sequence[HeaderField], covered: int, signer: str) -> Observation:
    values = {"name": fields[0].name, "count": str(len(fields)), "covered": str(covered), "signer": signer[:120]}
    return Observation(
        sentence=_SAID(**values),
        bin="above",
        evidence=(cite_header(fields[0], Role.SUSPECT), cite_header(fields[-1], Role.WITNESS)),
        suspect=f"header:{fields[0].name}[0]",
    )


def cases() -> Iterator[Case]:
    """Cases of what is signed of two fields of one name."""

    def mail(fields: tuple[tuple[str, str], ...], signed: tuple[str, ...], present: tuple[int, ...]) -> Message:
        made = message(fields=[*fields, ("DKIM-Signature", "v=1")], signatures=[("example.org", "s1")])
        one = msgspec.structs.replace(made.signatures[0], signed_fields=signed, fields_present=present)
        return msgspec.structs.replace(made, signatures=(one,))

    two = (("Subject", "Transfer"), ("Subject", "Minutes"))
    yield fires(mail(two, ("from", "subject"), (1, 2)), "a second Subject above the signed one", bin="above")
    yield silent(mail(two, ("from", "subject", "subject"), (1, 2)), "both are signed")
    yield silent(mail((("Subject", "Minutes"),), ("from", "subject", "subject"), (1, 1)), "signed as absent above")
    yield silent(mail((("Comments", "a"), ("Comments", "b")), ("comments",), (2,)), "a field that may stand often")
