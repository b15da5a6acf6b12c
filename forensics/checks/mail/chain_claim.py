"""An ARC seal says of the chain before it what cannot be: the first follows no other, and no set may be missing."""

from collections.abc import Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_field
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.authentication import Signature
from forensics.model.facts import ClockKind
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
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.chain_claim",
    version=1,
    title="Seal that contradicts its chain",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.SEAL_TIME,
    bins=(Bin("claim"), Bin("gap")),
    group="signature",
    compare_with="list",
    proposition=Proposition.FORGED,
    ceiling=Strength.MODERATE,
    benign=("signature_removed", "broken_server", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("RFC 8617 4.1.3", "RFC 8617 5.1.1", "RFC 8617 5.2"),
)

_SAID = {
    "claim": says(
        "rule.mail.chain_claim.claim",
        one=(
            "The seal of {signer} is number {number} of its chain and says “{said}” of what came before it; a first "
            "seal says “none”, a later one “pass” or “fail”."
        ),
    ),
    "gap": says(
        "rule.mail.chain_claim.gap",
        one="The seal of {signer} is number {number} of its chain, of which number {missing} is not here.",
    ),
}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first seal that says what its number excludes, and the first number that is missing."""
    seals = [one for one in message.signatures if one.kind == "as" and one.instance is not None]
    odd = next((one for one in seals if one.chain not in (("none",) if one.instance == 1 else ("pass", "fail"))), None)
    if odd is not None:
        yield _observation("claim", odd, said=odd.chain[:40])
    missing = _missing(seals)
    if missing:
        last = max(seals, key=lambda one: one.instance or 0)
        yield _observation("gap", last, missing=str(missing))


def _missing(seals: Sequence[Signature]) -> int:
    """Return the first number below the highest that no seal has; 0: none is missing."""
    there = {one.instance for one in seals}
    return next((number for number in range(1, len(there) + 1) if number not in there), 0) if there else 0


def _observation(name: str, seal: Signature, **values: str) -> Observation:
    return Observation(
        sentence=_SAID[name](signer=seal.domain[:120], number=str(seal.instance), **values),
        bin=name,
        evidence=(cite_field(seal, Role.SUSPECT),),
        suspect="seal",
    )


def cases() -> Iterator[Case]:
    """Cases of what seals say and of what is missing."""

    def mail(*seals: tuple[int, str]) -> Message:
        fields = [("ARC-Seal", f"i={number}; cv={said}") for number, said in seals]
        at = id_time("2017-03-06T10:00:05+00:00", "", kind=TimeKind.SEALED, clock=ClockKind.SIGNER)
        made = message(fields=fields, ids=[at])
        here = zip(seals, [field for field in made.headers if field.key == "arc-seal"], strict=True)
        sealed = [
            Signature(
                kind="as",
                index=place,
                instance=number,
                chain=said,
                domain="example.org",
                raw=field.raw,
                locator=field.locator(place),
            )
            for place, ((number, said), field) in enumerate(here)
        ]
        return msgspec.structs.replace(made, signatures=tuple(sealed))

    yield fires(mail((1, "pass")), "a first seal says that one before it passed", bin="claim")
    yield fires(mail((2, "none"), (1, "none")), "a second seal says that there was none", bin="claim")
    yield fires(mail((3, "pass"), (1, "none")), "the second of three is missing", bin="gap")
    yield silent(mail((2, "pass"), (1, "none")), "a chain that holds together")
    yield silent(mail((2, "fail"), (1, "none")), "a second seal says that the first fails")
