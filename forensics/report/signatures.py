"""Signatures in words: what held under a key, and why that authenticates less."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.authentication import BodyOutcome, ChainOutcome, HeaderOutcome
from forensics.model.key_lines import SignatureVerdict
from forensics.model.rows.chains import ChainRow
from forensics.model.sentences import Saying, says
from forensics.report.cells import plain

_HEADERS: Mapping[str, Saying] = {
    "": says("report.signature.header.no_key", one="no key"),
    HeaderOutcome.HOLDS: says("report.signature.header.holds", one="header as signed"),
    HeaderOutcome.ALTERED: says("report.signature.header.altered", one="header altered since it was signed"),
    HeaderOutcome.OTHER_KEY: says("report.signature.header.other_key", one="made with another key than that given"),
    HeaderOutcome.UNTESTED: says("report.signature.header.untested", one="header cannot be tested"),
}
_BODIES: Mapping[str, Saying] = {
    BodyOutcome.HOLDS: says("report.signature.body.holds", one="body as signed"),
    BodyOutcome.SURPLUS: says("report.signature.body.surplus", one="body as signed, and more after it"),
    BodyOutcome.ALTERED: says("report.signature.body.altered", one="body altered since it was signed"),
    BodyOutcome.UNTESTED: says("report.signature.body.untested", one="body cannot be tested"),
}
_LIMITS: Mapping[str, Saying] = {
    "from_unsigned": says("report.limit.from_unsigned", one="From is not signed"),
    "length": says("report.limit.length", one="only the beginning of the body is signed"),
    "field_above": says("report.limit.field_above", one="a field stands above the one that is signed"),
    "deprecated_hash": says("report.limit.deprecated_hash", one="SHA-1"),
    "short_key": says("report.limit.short_key", one="the key is short enough to be broken"),
    "testing": says("report.limit.testing", one="the domain only tests signing"),
    "revoked": says("report.limit.revoked", one="the key was revoked"),
    "forbidden_hash": says("report.limit.forbidden_hash", one="the key is not for this hash"),
    "forbidden_service": says("report.limit.forbidden_service", one="the key is not for mail"),
    "strict_domain": says("report.limit.strict_domain", one="i= has another domain than the key allows"),
    "identity_domain": says("report.limit.identity_domain", one="i= lies outside the signing domain"),
    "other_kind": says("report.limit.other_kind", one="the key is of another kind than the signature"),
    "unanchored": says("report.limit.unanchored", one="nothing binds the recovered key to the domain"),
    "published": says("report.limit.published", one="the private key is public"),
}
"""By the words of `forensics.authenticity.limits.LIMITS`."""
_SIGNED = says("report.signature.line", one="{domain}, selector {selector} ({algorithm}): {said}")
_UNTESTABLE = says("report.signature.untestable", one="header cannot be tested, for a list wrote {field} itself")
_HEADER_MENDED = says("report.signature.mended_header", one="the header holds once these are as signed: {fields}")
_BODY_MENDED = says("report.signature.mended_body", one="the body holds after these steps: {steps}")
_OTHERS = says("report.signature.unaligned", one="the signing domain is not that of From")

_CHAIN = says(
    "report.chain.line",
    one="ARC chain of 1 set: {said}",
    many="ARC chain of {n} sets: {said}",
)
_CHAIN_HOLDS = says("report.chain.holds", one="holds; its newest seal says “{claimed}” of what came before it")
_CHAIN_FAILS = says("report.chain.fails", one="does not hold, at set {instance}: {why}")
_CHAIN_UNKNOWN = says("report.chain.unknown", one="cannot be judged, at set {instance}: {why}")
_REASONS: Mapping[str, Saying] = {
    "too_many_sets": says("report.chain.too_many_sets", one="more sets than are allowed"),
    "claimed_fail": says("report.chain.claimed_fail", one="its own seal says that the sets before it failed"),
    "incomplete_set": says("report.chain.incomplete_set", one="a field of the set is missing"),
    "repeated_field": says("report.chain.repeated_field", one="a field of the set stands twice"),
    "wrong_claim": says("report.chain.wrong_claim", one="the seal says of the sets before it what cannot be"),
    "malformed": says("report.chain.malformed", one="a field is malformed"),
    "signs_seal": says("report.chain.signs_seal", one="the message signature covers a seal"),
    "algorithm": says("report.chain.algorithm", one="an algorithm that is not allowed"),
    "no_key": says("report.chain.no_key", one="no key"),
    "refused_key": says("report.chain.refused_key", one="a key that verifiers refuse"),
    "other_key": says("report.chain.other_key", one="made with another key than that given"),
    "header_altered": says("report.chain.header_altered", one="header altered since"),
    "body_altered": says("report.chain.body_altered", one="body altered since"),
    "untested": says("report.chain.untested", one="nothing to compare it with"),
}
"""By the words of `forensics.authenticity.chain.REASONS`."""


def limits(codes: Iterable[str], say: Wording) -> str:
    """Name limits; empty where there is none."""
    return say.clauses([say.say(_LIMITS[code]) for code in codes])


def lines(verdicts: Iterable[SignatureVerdict], chain: ChainRow | None = None, language: str = "en") -> RenderableType:
    """Return a line a signature: who made it, what held, and what limits it; then one of the ARC chain."""
    say = Wording(language)
    said = [_line(verdict, say) for verdict in verdicts]
    return Group(*map(plain, [*said, _chain_line(chain, say)] if chain is not None else said))


def _chain_line(chain: ChainRow, say: Wording) -> str:
    if chain.outcome == ChainOutcome.PASS:
        said = say.say(_CHAIN_HOLDS, claimed=chain.claimed)
    else:
        saying = _CHAIN_FAILS if chain.outcome == ChainOutcome.FAIL else _CHAIN_UNKNOWN
        said = say.say(saying, instance=str(chain.instance or "?"), why=say.say(_REASONS[chain.reason]))
    return say.say(_CHAIN, max(chain.sets, 1), said=said)


def _line(verdict: SignatureVerdict, say: Wording) -> str:
    said = [say.say(_HEADERS[verdict.header])]
    if verdict.untestable:
        said = [say.say(_UNTESTABLE, field=verdict.untestable.title())]
    if verdict.body:
        said.append(say.say(_BODIES[verdict.body]))
    if verdict.mended_header:
        said.append(say.say(_HEADER_MENDED, fields=", ".join([field.title() for field in verdict.mended_header])))
    if verdict.mended_body:
        said.append(say.say(_BODY_MENDED, steps=", ".join(verdict.mended_body).replace("_", " ")))
    if verdict.header == HeaderOutcome.HOLDS:
        said += [limits(verdict.limits, say)] if verdict.limits else []
        said += [] if verdict.aligned else [say.say(_OTHERS)]
    names = {"domain": verdict.domain, "selector": verdict.selector, "algorithm": verdict.algorithm}
    return say.say(_SIGNED, **names, said=say.clauses(said))
