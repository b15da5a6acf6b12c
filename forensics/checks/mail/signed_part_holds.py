"""The author's own S/MIME signature holds, covers all that is shown, and a known issuer vouches for the address.

This speaks for a mail, and accuses nothing. A certificate that signs itself, an issuer of whom nothing is known and any
OpenPGP key that came with the mail can be made by anybody, for any name: they never count here. The fields of the
header are not signed, but for what the certificate says of the sender.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.signed_parts import signed_part
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.signed_parts import Issued, PartOutcome

RULE = Rule(
    id="mail.signed_part_holds",
    version=1,
    title="Author's signature of the content holds",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNED_PART | MessageHas.FROM,
    bins=(Bin("author"),),
    group="signature",
    proposition=Proposition.AUTHENTICATED,
    ceiling=Strength.CONTEXT,
    benign=("account_used",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 8551 2.3", "RFC 5280 6", "kb:A-08", "kb:A-11"),
)

_SAID = says(
    "rule.mail.signed_part_holds",
    one=(
        "The S/MIME signature of {signer} holds for all that is shown: it is as it was signed. {issuer} issued the "
        "certificate, which was valid at the mail's time; whether it was revoked is not known. No header field but "
        "From is bound by it."
    ),
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Say which signature of the sender holds for the whole content."""
    sender = message.sender_known_as.lower()
    for part in message.signed_parts:
        verdict = part.verdict
        if (
            verdict.outcome is PartOutcome.HOLDS
            and verdict.issued is Issued.KNOWN_ROOT
            and sender in verdict.signers
            and not part.outside
        ):
            yield Observation(
                sentence=_SAID(signer=sender[:200], issuer=verdict.issuer[:200]),
                bin="author",
                evidence=(cite_fact("signature", part.opening, Role.WITNESS),),
                suspect=part.signed.path,
            )
            return


def cases() -> Iterator[Case]:
    """Cases of who vouches for the signer, and of what is covered."""
    yield fires(message(signed_parts=(signed_part(),)), "a known issuer, all of it", bin="author")
    yield silent(message(signed_parts=(signed_part(issued=Issued.ISSUER),)), "an issuer that is not known")
    yield silent(message(signed_parts=(signed_part(issued=Issued.NOBODY),)), "a certificate that signs itself")
    yield silent(message(signed_parts=(signed_part(signers=("ben@example.net",)),)), "another's certificate")
    yield silent(message(signed_parts=(signed_part(number="1", outside=("2",)),)), "text stands beside it")
    yield silent(message(signed_parts=(signed_part(PartOutcome.ALTERED),)), "it does not hold")
    yield silent(message(), "it is not signed")
