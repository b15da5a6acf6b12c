"""Signatures in words: what held under a key, and why that authenticates less."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.authentication import BodyOutcome, HeaderOutcome
from forensics.model.key_lines import SignatureVerdict
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


def limits(codes: Iterable[str], say: Wording) -> str:
    """Name limits; empty where there is none."""
    return say.clauses([say.say(_LIMITS[code]) for code in codes])


def lines(verdicts: Iterable[SignatureVerdict], language: str = "en") -> RenderableType:
    """Return a line a signature: who made it, what held, and what limits it."""
    say = Wording(language)
    return Group(*[plain(_line(verdict, say)) for verdict in verdicts])


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
