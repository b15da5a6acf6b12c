"""A server recorded that it tested another signature of the same signer than the one that is here.

Servers name what they tested: the selector (``header.s``), and the first letters of the signature (``header.b``). Who
signs a mail anew, or puts an old header block over a new mail, leaves the record of the signature that was there.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import cite_field, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message, tested
from forensics.knowledge.suffixes import organization
from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.locations import Locator
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
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

RULE = Rule(
    id="mail.recorded_signature",
    version=2,
    title="Signature is not the one that a server tested",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.RECORDED_SIGNATURE,
    bins=(Bin("selector"), Bin("signature")),
    group="authentication",
    compare_with="authentication server",
    proposition=Proposition.FORGED,
    ceiling=Strength.STRONG,
    benign=("signature_removed", "broken_server", "unsolicited"),
    settle=settle.RELAYS,
    references=("RFC 6008 3", "RFC 8601 2.7.1", "kb:A-41", "kb:O-44", "kb:O-46"),
)

_SAID = {
    "selector": says(
        "rule.mail.recorded_signature.selector",
        one=(
            "{server} recorded {stated} for the signature of {signer} with selector {recorded}; the mail has "
            "signatures of {signer}, none of them with that selector."
        ),
    ),
    "signature": says(
        "rule.mail.recorded_signature.signature",
        one=(
            "{server} recorded {stated} for the signature of {signer} that begins with {recorded}; the mail has "
            "signatures of {signer}, none of which begins so."
        ),
    ),
}

_SIGNED_ANEW = says(
    "note.signed_anew_by_list",
    one=(
        "The oldest record of that test stands below all signatures of {signer} here and below one of the list's "
        "house, {list}: they were made after it, when the list sent the mail on."
    ),
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the topmost result about a signature that is not here, though its signer signed the mail."""
    signed: dict[str, list[Signature]] = {}
    for one in message.signatures:
        if one.kind == "dkim":
            signed.setdefault(one.domain.lower(), []).append(one)
    for result in message.results:
        own = signed.get(result.signer, ())
        if own and (other := _other(result, own)):
            yield _observation(result, own[0], *other, house=_resigned_by(message, result, own))
            return


def _other(result: AuthenticationResult, own: Iterable[Signature]) -> tuple[str, str] | None:
    """Return what a result says of a signature that none of its signer's here is, and in which bin that belongs."""
    selector = result.properties.get("header.s", "").lower()
    if selector and all(one.selector.lower() != selector for one in own):
        return "selector", selector
    # Servers cut the field as it is written, folds included.
    begins = "".join(result.properties.get("header.b", "").split()).rstrip("=")
    if begins and not any(not one.signature or b64encode(one.signature).decode().startswith(begins) for one in own):
        return "signature", begins
    return None


def _resigned_by(message: Message, result: AuthenticationResult, own: Sequence[Signature]) -> str:
    """Return the house of a list that signed the mail after what was recorded, as all of the signer's did; or nothing.

    Sealed results are repeated further up: the oldest of them is the test.
    """
    house = organization(message.list_id.lower()) if message.list_id else None
    of_list = [one for one in message.signatures if one.kind == "dkim" and organization(one.domain.lower()) == house]
    tests = [one for one in message.results if (one.signer, *_named(one)) == (result.signer, *_named(result))]
    lowest = max(_start(one.locator) for one in tests)
    made_later = [0 <= _start(one.locator) < lowest for one in own]
    return house if house and of_list and all(made_later) and _start(of_list[0].locator) < lowest else ""


def _named(result: AuthenticationResult) -> tuple[str, str]:
    return result.properties.get("header.s", "").lower(), result.properties.get("header.b", "")


def _start(locator: Locator) -> int:
    return locator.ranges[0][0] if locator.ranges else -1


def _observation(result: AuthenticationResult, own: Signature, name: str, recorded: str, house: str) -> Observation:
    stated = f"{result.method}={result.result}"
    note = _SIGNED_ANEW(signer=result.signer[:120], list=house)
    values = {"server": result.server or "a server", "signer": result.signer[:120], "recorded": recorded[:120]}
    return Observation(
        sentence=_SAID[name](**values, stated=stated),
        bin=name,
        evidence=(
            cite_field(result, Role.SUSPECT, f"{result.server}; {stated}"),
            cite_field(own, Role.SUSPECT),
        ),
        suspect=f"header:DKIM-Signature[{own.index}]",
        compare=result.server,
        benign=(settled("signature_removed", State.EXPLAINS, note),) if house else (),
    )


def cases() -> Iterator[Case]:
    """Cases of another selector, another signature, and how servers write what they tested."""

    def mail(*results: AuthenticationResult, signatures: Sequence[bytes] = (b"signed",), listed: str = "") -> Message:
        fields = [("Authentication-Results", "x")]
        signers = [("example.org", "s1")] * len(signatures)
        if listed:
            # Both signatures stand above what was recorded: the second is the list's.
            signers[1:] = [(listed, "l1")]
            fields[:0] = [("DKIM-Signature", "v=1")] * 2
        made = message(fields=fields, signatures=signers, results=results, list_id="board.lists.example")
        pairs = zip(made.signatures, signatures, strict=True)
        return replace(made, signatures=tuple([replace(one, signature=written) for one, written in pairs]))

    def said(result: str = "pass", header_s: str = "s1", header_b: str = "c2lnbmVk") -> AuthenticationResult:
        return tested("dkim", result, header_d="example.org", header_s=header_s, header_b=header_b)

    yield fires(mail(said(header_s="s2")), "another selector", bin="selector")
    yield fires(mail(said(header_b="b3RoZXI")), "another signature", bin="signature")
    yield fires(mail(said("fail", header_b="b3RoZXI")), "one that failed", bin="signature")
    yield fires(mail(said(), said(header_b="b3RoZXI")), "the second of two results", bin="signature")
    anew = mail(said(header_b="b3RoZXI"), signatures=(b"signed", b"list"), listed="lists.example")
    yield explained(anew, "the list signed for both", by="signature_removed")
    other = mail(said(header_b="b3RoZXI"), signatures=(b"signed", b"list"), listed="else.example")
    yield fires(other, "somebody else signed too", bin="signature")
    yield silent(mail(said(header_s="S1")), "the one that is here")
    yield silent(mail(said(header_b="c2 lnbm")), "cut where the field is folded")
    yield silent(mail(said(header_b="b3RoZXI="), signatures=(b"signed", b"other")), "one of two signatures")
    yield silent(mail(said(header_b="b3RoZXI"), signatures=(b"",)), "a signature that cannot be decoded")
    yield silent(mail(tested("dkim", header_d="other.example", header_s="s2")), "of another signer")
    yield silent(mail(tested("dkim", header_d="example.org")), "a server that says no more than the domain")
