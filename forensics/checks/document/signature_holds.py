"""A digital signature in a document holds: what it covers is as it was when somebody's key made it.

This speaks for a document as far as the signature reaches, and accuses nothing. Office leaves out the properties
(author, times, program) of what it signs. Whose key it was rests on the certificate: anybody can make one for any name
unless its issuer is known. The time of signing is what the signer's computer said, unless a time-stamp server saw it.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite, cite_fact, clock, shown
from forensics.examples.cases import Case, fires, silent
from forensics.examples.document_signatures import reference, signature
from forensics.examples.files import document
from forensics.model.document_signatures import DigestOutcome, DocumentSignature
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import Sentence, says
from forensics.model.signed_parts import Issued, PartOutcome

RULE = Rule(
    id="document.signature_holds",
    version=1,
    title="Signature in the document holds",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.SIGNED | DocumentHas.KEYED,
    bins=(Bin("known_issuer"), Bin("anybody")),
    group="document signature",
    proposition=Proposition.AUTHENTICATED,
    ceiling=Strength.CONTEXT,
    benign=("key_used",),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-2 10", "XMLDSIG 3.2", "MS-OFFCRYPTO 2.5.2", "RFC 5280 6"),
)

_SAID = says(
    "rule.document.signature_holds",
    one=(
        "A signature in the document holds for 1 part, which is, as far as it covers it, as it was when the key that "
        "it carries made it. {who} {when} {method} {uncovered}"
    ),
    many=(
        "A signature in the document holds for {n} parts, which are, as far as it covers them, as they were when the "
        "key that it carries made it. {who} {when} {method} {uncovered}"
    ),
)
_WHO = {
    Issued.NOBODY: says(
        "signature.issued_by_itself",
        one="The certificate names {signer} and vouches for itself: anybody can make one for any name.",
    ),
    Issued.ISSUER: says(
        "signature.issued_by_unknown",
        one=(
            "The certificate names {signer}, and {issuer} as its issuer, who is not known here: anybody can make such "
            "a certificate."
        ),
    ),
    Issued.KNOWN_ROOT: says(
        "signature.issued_by_known",
        one=(
            "The certificate names {signer}; {issuer} issued it, which leads to an issuer that browsers trust. It was "
            "valid at the stated time; whether it was revoked is not known."
        ),
    ),
}
_BARE = says("signature.no_certificate", one="It carries a key and no certificate, and names nobody.")
_CLAIMED = says("signature.time_claimed", one="The signer's computer gave the time {time}, which nobody vouches for.")
_OUTSIDE = says(
    "signature.time_outside",
    one="The signer's computer gave the time {time}, when the certificate was not valid.",
)
_UNDATED = says("signature.time_none", one="No time is signed with it.")
_STAMPED = says(
    "signature.time_stamped",
    one=(
        "A time-stamp token says that a server saw the signature at {time} UTC; the token's own signature holds, with "
        "a certificate for time-stamping that {issuer} issued, which leads to an issuer that browsers trust."
    ),
)
_STAMPED_BY_ANYBODY = says(
    "signature.time_stamped_by_anybody",
    one=(
        "A time-stamp token says that a server saw the signature at {time} UTC; the token's own signature holds, with "
        "a certificate that names {issuer} as its issuer. Nothing known here vouches for that certificate: anybody can "
        "make such a token."
    ),
)
_TOKEN = says(
    "signature.time_token",
    one="A time-stamp token says {time} UTC; its own signature was not tested, or does not hold.",
)
_STRONG = says("signature.method", one="The method is {method}.")
_OLD = says(
    "signature.method_old",
    one=(
        "The method {method} is old: two documents that have the same digest can be made together, but nobody is known "
        "to have made another one to a document that exists."
    ),
)
_ALL = says("signature.uncovered_none", one="It covers every part of the document.")
_LEFT = says(
    "signature.uncovered",
    one="1 part is not covered: {parts}.",
    many="{n} parts are not covered, among them: {parts}.",
)
_LEFT_TOO = says(
    "signature.uncovered_relationships",
    one="1 part or link to one is not covered: {parts}.",
    many="{n} parts or links to some are not covered, among them: {parts}.",
)
_HASHES_OLD = ("md5", "sha1")
_NAMED = 6


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell each signature that holds."""
    for one in facts.signatures:
        if one.verdict.outcome is PartOutcome.HOLDS:
            cited = [cite("time of signing", one.claimed, Role.WITNESS)] if one.claimed is not None else []
            yield Observation(
                sentence=_SAID(
                    len(list(one.parts)), who=_who(one), when=_when(one), method=_method(one), uncovered=_uncovered(one)
                ),
                bin="known_issuer" if one.verdict.issued is Issued.KNOWN_ROOT else "anybody",
                evidence=(cite_fact("signature", one.opening, Role.WITNESS), *cited),
                suspect=one.place.path,
            )


def _who(signed: DocumentSignature) -> Sentence:
    verdict = signed.verdict
    if verdict.issued is None:
        return _BARE()
    if verdict.issued is Issued.NOBODY:
        return _WHO[verdict.issued](signer=verdict.signer[:200])
    return _WHO[verdict.issued](signer=verdict.signer[:200], issuer=verdict.issuer[:200])


def _when(signed: DocumentSignature) -> Sentence:
    verdict = signed.verdict
    if verdict.stamped is not None:
        time = clock(verdict.stamped * TICKS_PER_SECOND)
        if not verdict.stamper:
            return _TOKEN(time=time)
        known = verdict.stamper_issued is Issued.KNOWN_ROOT
        return (_STAMPED if known else _STAMPED_BY_ANYBODY)(time=time, issuer=verdict.stamper[:200])
    if signed.claimed is None:
        return _UNDATED()
    at, first, last = signed.claimed.instant, verdict.valid_from, verdict.valid_until
    outside = (
        isinstance(at, int) and first is not None and last is not None and not first <= at // TICKS_PER_SECOND <= last
    )
    return (_OUTSIDE if outside else _CLAIMED)(time=shown(signed.claimed))


def _method(signed: DocumentSignature) -> Sentence:
    used = {signed.method.partition("-")[2], *[one.method for one in signed.references]}
    old = next((one for one in _HASHES_OLD if one in used), "")
    return _OLD(method=old.upper()) if old else _STRONG(method=signed.method.upper())


def _uncovered(signed: DocumentSignature) -> Sentence:
    n = signed.uncovered_count + len(signed.uncovered_relationships)
    if not n:
        return _ALL()
    named = (*signed.uncovered_relationships, *signed.uncovered)[:_NAMED]
    return (_LEFT_TOO if signed.uncovered_relationships else _LEFT)(n, parts=tuple([one[:120] for one in named]))


def cases() -> Iterator[Case]:
    """Cases of who vouches for the signer, of methods and times, and of what is covered."""
    known = signature(issued=Issued.KNOWN_ROOT, issuer="CN=Example Root")
    yield fires(document(signatures=(known,)), "a known issuer", bin="known_issuer")
    yield fires(document(signatures=(signature(),)), "a certificate that signs itself", bin="anybody")
    issuer = signature(issued=Issued.ISSUER, issuer="CN=Example CA")
    yield fires(document(signatures=(issuer,)), "an issuer that is not known", bin="anybody")
    bare = signature(issued=None, signer="", uncovered=(), method="rsa-sha1", signed_at="")
    yield fires(document(signatures=(bare,)), "a bare key, an old method, no time", bin="anybody")
    late = signature(valid_from=1_200_000_000, valid_until=1_300_000_000)
    yield fires(document(signatures=(late,)), "signed after the certificate ran out", bin="anybody")
    at, tsa = 1_488_794_400, "CN=Example TSA"
    stamped = signature(stamped=at, stamper=tsa, stamper_issued=Issued.KNOWN_ROOT)
    yield fires(document(signatures=(stamped,)), "a time-stamp server saw it", bin="anybody")
    own = signature(stamped=at, stamper=tsa, stamper_issued=Issued.NOBODY)
    yield fires(document(signatures=(own,)), "somebody made a token", bin="anybody")
    altered = signature(reference("word/document.xml", DigestOutcome.OTHER), outcome=PartOutcome.ALTERED)
    yield silent(document(signatures=(altered,)), "a part was changed")
    yield silent(document(signatures=(signature(outcome=PartOutcome.OTHER_KEY, made_by_key=False),)), "another's key")
    yield silent(document(signatures=(signature(outcome=PartOutcome.UNTESTED),)), "it was not tested")
    yield silent(document(), "it is not signed")
