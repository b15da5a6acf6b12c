"""A server's statement that the mail passed its tests does not fit the mail, or is no server's of its route."""

import re
from collections.abc import Iterable, Iterator

from forensics.checks._domains import house
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message, tested
from forensics.model.locations import Locator
from forensics.model.mail import AuthenticationResult, MailMessage
from forensics.model.rules import (
    Bin,
    Context,
    Evidence,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    Strength,
    Subject,
)

RULE = Rule(
    id="mail.authentication_conflict",
    version=2,
    title="Authentication-Results that the mail contradicts",
    subject=Subject.MESSAGE,
    needs=Has.RESULTS,
    bins=(
        Bin("unsigned"),
        Bin("wording"),
        Bin("sealed_otherwise"),
        Bin("no_chain", ceiling=Strength.MODERATE),
        Bin("above_trace", ceiling=Strength.MODERATE),
        Bin("unaligned", ceiling=Strength.WEAK),
    ),
    group="authentication",
    compare_with="authentication server",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("signature_removed", "broken_server", "unsolicited"),
    settle="settle.relays",
    references=("RFC 8601 2.2", "RFC 8617 4.1", "kb:A-40", "kb:A-41", "kb:O-44"),
)

_PASSED = re.compile(
    rb"(?<![a-z0-9-])([a-z][a-z0-9-]{0,40}+)\s*+=\s*+pass\s*+(?:\(([^()]*+)\)|reason=\"([^\"]*+))", re.IGNORECASE
)
"""``pass`` directly before a comment or a reason."""
_FAILED = re.compile(
    rb"\b(?:not signed|not permitted|not verified|does not designate"
    rb"|no (?:SPF|DMARC|DKIM)? ?(?:record|signature|key)|p=pass|dis=pass)\b",
    re.IGNORECASE,
)
"""What servers write in a comment beside a failure, or beside a policy that is none."""
_REASON = re.compile(rb"fail|did not|bad |invalid", re.IGNORECASE)
_SHOWN = 300
"""Bytes of a statement that are quoted."""
_LONGEST = 512
"""Letters of a domain that are compared: no name has more than 255."""
_HINT = re.compile(
    rb"reason=\"|not (?:signed|permitted|verified)|does not designate|no (?:record|spf|dmarc|dkim|signature|key)"
    rb"|(?:p|dis)=pass",
    re.IGNORECASE,
)
"""Without one of these words no statement needs to be taken apart."""


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Test each statement of success; report the first of each kind."""
    told: set[str] = set()
    for name, result, values in _conflicts(message):
        if name not in told:
            told.add(name)
            yield _observation(message, name, result, values)


class _Stated:
    """What all results of a mail say, by server: each is looked at once, however many there are."""

    def __init__(self, message: MailMessage) -> None:
        self.signers = {one.domain.lower() for one in message.signatures if one.kind == "dkim" and one.domain}
        self.has_seal = any(signature.kind == "as" for signature in message.signatures)
        self.trace = {house(hop.by) for hop in message.trace}
        self.worded = dict(_worded(message))
        self.sealed: dict[tuple[str, str], AuthenticationResult] = {}
        """The newest seal of each server on each test, the first of equals."""
        self.tested: dict[str, set[str]] = {}
        """For which houses a server says that signature or envelope passed."""
        for one in message.results:
            key = (one.server, one.method)
            if one.instance is not None:
                newest = self.sealed.get(key)
                if newest is None or one.instance > (newest.instance or 0):
                    self.sealed[key] = one
            elif one.method in ("dkim", "spf"):
                passed = self.tested.setdefault(one.server, set())
                if one.result == "pass":
                    passed.add(_house(one))

    def sealed_otherwise(self, stated: AuthenticationResult) -> str:
        """Return what the same server sealed of the same test, if that is no success; its newest seal counts."""
        seal = self.sealed.get((stated.server, stated.method))
        return seal.result if seal is not None and seal.result != "pass" else ""

    def is_signed(self, domain: str) -> bool:
        """Whether a signature is of the domain or of one above it."""
        rest = domain.lower()[-_LONGEST:]
        while rest and rest not in self.signers:
            rest = rest.partition(".")[2]
        return bool(rest)

    def is_unaligned(self, stated: AuthenticationResult) -> bool:
        """Whether the same server says of nothing else that it passed for the domain of From, having tested it."""
        author = stated.properties.get("header.from", "")
        passed = self.tested.get(stated.server)
        return bool(author) and passed is not None and house(author) not in passed


def _conflicts(message: MailMessage) -> Iterator[tuple[str, AuthenticationResult, dict[str, str]]]:
    said = _Stated(message)
    for result in message.results:
        if result.instance is not None:
            continue
        if result.result == "pass":
            if sealed := said.sealed_otherwise(result):
                yield "sealed_otherwise", result, {"sealed": f"{result.method}={sealed}"}
            domain = _domain(result) if result.method == "dkim" else ""
            if "." in domain and not said.is_signed(domain):
                yield "unsigned", result, {"domain": domain}
            if result.method == "arc" and not said.has_seal:
                yield "no_chain", result, {}
            if words := said.worded.get((result.start, result.method)):
                yield "wording", result, {"words": words}
            if result.method == "dmarc" and said.is_unaligned(result):
                yield "unaligned", result, {"domain": result.properties["header.from"]}
        if result.below == 0 and message.trace and result.server and house(result.server) not in said.trace:
            yield "above_trace", result, {}


def _worded(message: MailMessage) -> Iterator[tuple[tuple[int, str], str]]:
    """Yield field and method whose success stands beside the words of a failure, with those words."""
    for field in message.headers:
        if field.key == "authentication-results" and _HINT.search(field.raw):
            for passed in _PASSED.finditer(field.raw):
                comment, reason = passed[2], passed[3]
                if (_FAILED if reason is None else _REASON).search(comment if reason is None else reason):
                    words = passed[0][:_SHOWN].decode("utf-8", "replace")
                    yield (field.start, passed[1].decode("ascii").lower()), words


def _domain(result: AuthenticationResult) -> str:
    return result.properties.get("header.d", "") or result.properties.get("header.i", "").rpartition("@")[2]


def _house(result: AuthenticationResult) -> str:
    """Of which house the signature or the envelope is."""
    envelope = result.properties.get("smtp.mailfrom", "") or result.properties.get("smtp.helo", "")
    return house(_domain(result) if result.method == "dkim" else envelope.rpartition("@")[2])


def _raw(message: MailMessage, result: AuthenticationResult) -> bytes:
    return next((field.raw for field in message.headers if field.start == result.start), b"")


def _observation(message: MailMessage, name: str, result: AuthenticationResult, values: dict[str, str]) -> Observation:
    path = f"header:Authentication-Results[{result.index}]"
    stated = f"{result.method}={result.result}"
    return Observation(
        sentence=Sentence(
            f"rule.{RULE.id}.{name}", {"server": result.server or "a server", "stated": stated, **values}
        ),
        bin=name,
        evidence=(
            Evidence(
                role=Role.SUSPECT,
                label="Authentication-Results",
                value=f"{result.server}; {stated}",
                raw=_raw(message, result),
                locator=Locator(ranges=((result.start, result.end),), path=path),
            ),
        ),
        suspect=path,
        compare=result.server,
    )


def cases() -> Iterator[Case]:
    """Cases of each conflict, and what servers write on genuine mail."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"),)

    def mail(results: Iterable[AuthenticationResult], text: str = "x", signer: str = "") -> MailMessage:
        signatures = ((signer, "s1"),) if signer else ()
        fields = (("Authentication-Results", text),)
        return message(hops=hops, fields=fields, signatures=signatures, results=tuple(results))

    passed = tested("dkim", header_d="example.org")
    yield fires(mail([passed]), "a signature passed that is not there", bin="unsigned")
    yield fires(mail([passed], signer="other.example"), "another domain's signature is there", bin="unsigned")
    words = "mx.example; spf=pass (no SPF record) smtp.mailfrom=example.org"
    spf = tested("spf", smtp_mailfrom="example.org")
    yield fires(mail([spf], words), "pass, and the words of a failure", bin="wording")
    both = "mx.example; spf=pass smtp.mailfrom=example.org; x-own=pass (no SPF record)"
    yield silent(mail([spf], both), "the words stand beside another test")
    yield fires(mail([tested("arc")]), "a chain passed that is not there", bin="no_chain")
    sealed = tested("dkim", "fail", instance=1)
    yield fires(mail([passed, sealed], signer="example.org"), "the server sealed a failure", bin="sealed_otherwise")
    own = tested("spf", server="mx.example.org", below=0, smtp_mailfrom="example.org")
    yield fires(mail([own]), "on top, by a server that did not have the mail", bin="above_trace")
    dmarc = tested("dmarc", header_from="example.org")
    failed = tested("spf", "softfail", smtp_mailfrom="example.org")
    yield fires(mail([dmarc, failed]), "dmarc passed, and nothing that it rests on", bin="unaligned")
    yield silent(mail([passed], signer="example.org"), "a signature that is there")
    yield silent(mail([tested("dkim", header_i="@news.example.org")], signer="example.org"), "an identity below it")
    yield silent(mail([tested("dkim", "none"), tested("dkim", "fail", header_d="example.org")]), "failures")
    yield silent(mail([passed, tested("dkim", instance=1)], signer="example.org"), "sealed as it is stated")
    yield silent(mail([dmarc, spf]), "dmarc rests on spf")
    yield silent(
        mail([tested("spf", below=0, smtp_mailfrom="example.org")]), "on top, by the server that took the mail"
    )
