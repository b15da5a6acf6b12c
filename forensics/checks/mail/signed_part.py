"""What the author signed with S/MIME or OpenPGP contradicts its signature, covers a part only, or is another's.

A signature states the digest of what it signs: CMS whole, OpenPGP the first 16 bits. Neither needs a key at hand, so a
changed part shows in any mail. Text beside a signed part looks signed to many readers, and is not.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._authors import METHODS
from forensics.checks._facts import cite_fact, cite_header, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message
from forensics.examples.signed_parts import signed_part
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says
from forensics.model.signed_parts import PartOutcome, SignedKind, SignedPart

RULE = Rule(
    id="mail.signed_part",
    version=1,
    title="Signed part contradicts its signature",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNED_PART,
    bins=(
        Bin("altered"),
        Bin("other_key"),
        Bin("partly_signed", ceiling=Strength.CONTEXT),
        Bin("other_signer", ceiling=Strength.CONTEXT),
    ),
    group="content",
    compare_with="list",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("body_rewritten", "broken_client", "resaved", "from_rewritten", "private_address", "unsolicited"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 1847 2.1", "RFC 5652 5.4", "RFC 9580 5.2.3", "kb:O-01", "kb:O-03"),
)

_SAID = {
    "altered": says(
        "rule.mail.signed_part.altered",
        one="The part that was signed with {method} is not as it was signed: its digest is another.",
    ),
    "other_key": says(
        "rule.mail.signed_part.other_key",
        one=(
            "The {method} signature was not made as it stands by the key that it names, though its digest is that of "
            "the part."
        ),
    ),
    "partly_signed": says(
        "rule.mail.signed_part.partly_signed",
        one="The {method} signature covers part {number} alone; what is shown beside it is not signed: part {others}.",
    ),
    "other_signer": says(
        "rule.mail.signed_part.other_signer",
        one="The {method} signature holds with a key of {signers}; From says {sender}.",
    ),
}
_FOOTER = says(
    "note.behind_signed_part", one="It came through a list, and the other text stands behind what is signed."
)
_AUTHOR_ELSEWHERE = says(
    "note.signer_in_other_field", one="It came through a list, and {address} stands in another field of the header."
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Say of each kind the first part that contradicts its signature; what was not tested says nothing."""
    first: dict[str, SignedPart] = {}
    for part in message.signed_parts:
        for name in _kinds(part, message):
            first.setdefault(name, part)
    for name, part in first.items():
        yield _observed(message, part, name)


def _kinds(part: SignedPart, message: Message) -> Iterator[str]:
    """Yield the bins that a part is in."""
    verdict = part.verdict
    if verdict.outcome in (PartOutcome.ALTERED, PartOutcome.OTHER_KEY):
        yield verdict.outcome.value
    elif verdict.outcome.is_tested:
        if part.outside:
            yield "partly_signed"
        if verdict.outcome is PartOutcome.HOLDS and verdict.signers and _sender(message) not in verdict.signers:
            yield "other_signer"


def _sender(message: Message) -> str:
    return message.sender_known_as.lower()


def _observed(message: Message, part: SignedPart, name: str) -> Observation:
    cited = [cite_fact("signature", part.opening, Role.EITHER)]
    if name == "other_signer" and (author := message.first("from")) is not None:
        cited.append(cite_header(author, Role.EITHER))
    words = {
        "method": METHODS[part.kind],
        "number": part.number or "1",
        "others": ", ".join(part.outside)[:120],
        "signers": ", ".join(part.verdict.signers)[:200],
        "sender": _sender(message)[:200] or "nobody",
    }
    wanted = {"partly_signed": ("number", "others"), "other_signer": ("signers", "sender")}.get(name, ())
    return Observation(
        sentence=_SAID[name](**{key: words[key] for key in ("method", *wanted)}),
        bin=name,
        evidence=tuple(cited),
        suspect=part.signed.path if name != "other_signer" else "header:From[0]",
        benign=tuple(_causes(message, part, name)),
    )


def _causes(message: Message, part: SignedPart, name: str) -> Iterator[BenignState]:
    if not message.from_list:
        return
    if name == "partly_signed" and all(_place(one) > _place(part.number or "1") for one in part.outside):
        yield settled("body_rewritten", State.EXPLAINS, _FOOTER())
    if name == "other_signer":
        others = [one.address.lower() for one in message.parties if one.field != "from"]
        if (address := next((one for one in others if one in part.verdict.signers), None)) is not None:
            yield settled("from_rewritten", State.EXPLAINS, _AUTHOR_ELSEWHERE(address=address[:200]))


def _place(number: str) -> list[int]:
    return [int(one) for one in number.split(".") if one.isdigit()]


def cases() -> Iterator[Case]:
    """Cases of what a signature says of the part and of the rest of the mail."""

    def mail(part: SignedPart, list_id: str = "", parties: tuple[tuple[str, str, str], ...] = ()) -> Message:
        return message(fields=(("From", "anna@example.org"),), signed_parts=(part,), list_id=list_id, parties=parties)

    other = signed_part(signers=("ben@example.net",))
    yield fires(mail(signed_part(PartOutcome.ALTERED)), "a word was changed", bin="altered")
    yield fires(mail(signed_part(PartOutcome.OTHER_KEY)), "its time of signing was changed", bin="other_key")
    inline = signed_part(PartOutcome.NO_KEY, kind=SignedKind.PGP_INLINE, outside=("1",))
    yield fires(mail(inline, "a.example.org"), "text stands around a signed one", bin="partly_signed")
    yield fires(mail(signed_part(number="2", outside=("1",)), "a.example.org"), "before it", bin="partly_signed")
    yield fires(mail(other), "another's key", bin="other_signer")
    footer = mail(signed_part(number="1", outside=("2",)), "a.example.org")
    yield explained(footer, "a list's footer", by="body_rewritten")
    yield explained(
        mail(other, "a.example.org", (("reply-to", "", "ben@example.net"),)), "of a list", by="from_rewritten"
    )
    yield silent(mail(signed_part()), "it holds, and signs all")
    yield silent(mail(signed_part(PartOutcome.NO_KEY)), "no key is at hand")
    yield silent(mail(signed_part(PartOutcome.UNTESTED, outside=("2",))), "it was not tested")
    yield silent(mail(signed_part(PartOutcome.ENCRYPTED, kind=SignedKind.SMIME_ENCRYPTED)), "it is encrypted")
