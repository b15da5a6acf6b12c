"""A digital signature in a document states another digest for a part than the part has, or its key did not make it.

A signature keeps the digest of each part that it covers. The digest needs no key: a part that has another one is not
as it was signed, whoever signed it. Whether the list of digests itself is the signer's is what the key says.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.document_signatures import reference, signature
from forensics.examples.files import document
from forensics.model.document_signatures import DigestOutcome, DocumentSignature, SignedReference
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, State, Strength, Subject
from forensics.model.sentences import Sentence, Value, says
from forensics.model.signed_parts import PartOutcome

RULE = Rule(
    id="document.signature_broken",
    version=1,
    title="Signed document is not as it was signed",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.SIGNED,
    bins=(
        Bin("part"),
        Bin("part_unkeyed"),
        Bin("list"),
        Bin("other_key"),
        Bin("rewritten", ceiling=Strength.CONTEXT),
    ),
    group="document signature",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("saved_with_signature", "patch_tool", "resaved", "broken_signer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-2 10.5.8", "XMLDSIG 3.2", "MS-OFFCRYPTO 2.5.2"),
)

_SAID = {
    "part": says(
        "rule.document.signature_broken.part",
        one=(
            "1 part that a signature in the document covers is not as it was signed: {parts}. The key that the "
            "signature carries made it as it stands. {who}"
        ),
        many=(
            "{n} parts that a signature in the document covers are not as they were signed: {parts}. The key that the "
            "signature carries made it as it stands. {who}"
        ),
    ),
    "part_unkeyed": says(
        "rule.document.signature_broken.part_unkeyed",
        one=(
            "1 part that a signature in the document covers is not as that signature states: {parts}. That the "
            "signature itself is as it was made could not be shown. {who}"
        ),
        many=(
            "{n} parts that a signature in the document covers are not as that signature states: {parts}. That the "
            "signature itself is as it was made could not be shown. {who}"
        ),
    ),
    "list": says(
        "rule.document.signature_broken.list",
        one=(
            "What a signature in the document covers of itself is not as it states: {parts}. There it lists what it "
            "covers, or says when and how it was made. {who}"
        ),
    ),
    "other_key": says(
        "rule.document.signature_broken.other_key",
        one=(
            "No key that a signature in the document carries made it as it stands, though every digest that was "
            "compared is right. {who}"
        ),
    ),
    "other_certificate": says(
        "rule.document.signature_broken.other_certificate",
        one=(
            "What a signature in the document signs names another certificate as the signer's than the one that it "
            "carries. {who}"
        ),
    ),
    "rewritten": says(
        "rule.document.signature_broken.rewritten",
        one=(
            "1 part that a signature in the document covers is not byte for byte as that signature states: {parts}. "
            "{who}"
        ),
        many=(
            "{n} parts that a signature in the document covers are not byte for byte as that signature states: "
            "{parts}. {who}"
        ),
    ),
}
_OUTCOMES = {
    DigestOutcome.OTHER: says("signature.part_other", one="{name} has another digest"),
    DigestOutcome.MISSING: says("signature.part_missing", one="{name} is missing"),
    DigestOutcome.OTHER_TYPE: says("signature.part_type", one="{name} has another content type"),
}
_NAMES = says("signature.names", one="Its certificate names {signer}.")
_NAMES_NOBODY = says("signature.names_nobody", one="It carries no certificate that can be read, and names nobody.")
_UNDONE = says(
    "note.written_anew",
    one=(
        "Each has the digest that the signature states once it begins otherwise, or has other line ends, other spaces "
        "between tags, or quotes written in another way: nothing else in it differs."
    ),
)
_NAMED, _CITED = 5, 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Say of each kind the first signature that does not hold."""
    first: dict[str, DocumentSignature] = {}
    for one in facts.signatures:
        if name := _kind(one):
            first.setdefault(name, one)
    for name, one in first.items():
        yield _observed(one, name)


def _kind(signed: DocumentSignature) -> str:
    """Return the bin of a signature; empty: nothing speaks against it."""
    verdict = signed.verdict
    if any(one.differs for one in signed.references if one.inside):
        return "list"
    changed = [one for one in signed.parts if one.differs]
    if changed and all(one.form for one in changed):
        return "rewritten"
    if changed:
        return "part" if verdict.made_by_key else "part_unkeyed"
    return "other_key" if verdict.outcome is PartOutcome.OTHER_KEY else ""


def _observed(signed: DocumentSignature, name: str) -> Observation:
    changed = [one for one in signed.references if one.differs and one.inside == (name == "list")]
    signer = signed.verdict.signer[:200]
    words: dict[str, Value] = {"who": _NAMES(signer=signer) if signer else _NAMES_NOBODY()}
    if name != "other_key":
        words["parts"] = tuple([_said(one) for one in changed[:_NAMED]])
    other = name == "other_key" and signed.verdict.reason.startswith("what it signs")
    saying = _SAID["other_certificate" if other else name]
    counted = bool(saying.many)
    cited = [cite_fact(f"digest of {one.name}"[:80], one.stated, Role.EITHER) for one in changed[:_CITED]]
    return Observation(
        sentence=saying(len(changed), **words) if counted else saying(**words),
        bin=name,
        evidence=(cite_fact("signature", signed.opening, Role.EITHER), *cited),
        suspect=f"xml:{changed[0].name}" if changed else signed.place.path,
        benign=(settled("resaved", State.EXPLAINS, _UNDONE()),) if name == "rewritten" else (),
    )


def _said(one: SignedReference) -> Sentence:
    return _OUTCOMES[one.outcome](name=one.name[:120])


def cases() -> Iterator[Case]:
    """Cases of what does not hold, and of what does."""
    whole = reference("#idPackageObject")
    changed = reference("word/document.xml", DigestOutcome.OTHER)
    altered = PartOutcome.ALTERED

    def signed(*references: SignedReference, outcome: PartOutcome = altered, made: bool | None = True) -> DocumentFacts:
        return document(signatures=(signature(*references, outcome=outcome, made_by_key=made),))

    yield fires(signed(whole, changed), "a word was changed", bin="part")
    yield fires(signed(whole, reference("word/notes.xml", DigestOutcome.MISSING)), "a part was removed", bin="part")
    yield fires(signed(whole, reference("word/a.bin", DigestOutcome.OTHER_TYPE)), "a type was changed", bin="part")
    yield fires(signed(whole, changed, made=None), "of a method that is not known", bin="part_unkeyed")
    listed = reference("#idPackageObject", DigestOutcome.OTHER)
    yield fires(signed(listed, reference("word/document.xml")), "the list was made to fit", bin="list")
    yield fires(signed(whole, outcome=PartOutcome.OTHER_KEY, made=False), "all digests were made anew", bin="other_key")
    anew = reference("word/document.xml", DigestOutcome.OTHER, form="first_line+line_ends")
    yield explained(signed(whole, anew), "a program wrote the same XML anew", by="resaved")
    yield silent(signed(whole, reference("word/document.xml"), outcome=PartOutcome.HOLDS), "it holds")
    untested = reference("word/document.xml", DigestOutcome.UNTESTED, reason="it asks for XSLT")
    yield silent(signed(whole, untested, outcome=PartOutcome.UNTESTED), "it was not tested")
    yield silent(document(), "it is not signed")
