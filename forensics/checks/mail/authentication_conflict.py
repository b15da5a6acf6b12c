"""A server's statement that the mail passed its tests does not fit the mail, or is no server's of its route."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import settled
from forensics.checks._results import Stated, signed_domain
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message, tested
from forensics.model.authentication import AuthenticationResult
from forensics.model.locations import Locator
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Evidence,
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
    id="mail.authentication_conflict",
    version=4,
    title="Authentication-Results that the mail contradicts",
    subject=Subject.MESSAGE,
    needs=MessageHas.RESULTS,
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
    as_delivered=True,
    settle=settle.RELAYS,
    references=("RFC 8601 2.2", "RFC 8617 4.1", "kb:A-40", "kb:A-41", "kb:O-44"),
)

_SAID = {
    "unsigned": says(
        "rule.mail.authentication_conflict.unsigned",
        one="{server} says {stated} for {domain}, but no signature of that domain is in the mail.",
    ),
    "wording": says(
        "rule.mail.authentication_conflict.wording",
        one="{server} says {stated}, followed by the wording of a failure: {words}",
    ),
    "sealed_otherwise": says(
        "rule.mail.authentication_conflict.sealed_otherwise",
        one="{server} says {stated}, but sealed {sealed}.",
    ),
    "no_chain": says(
        "rule.mail.authentication_conflict.no_chain",
        one="{server} says {stated}, but the mail has no seal of such a chain.",
    ),
    "above_trace": says(
        "rule.mail.authentication_conflict.above_trace",
        one="{server} says {stated} above all trace fields, but no server of that organization handled the mail.",
    ),
    "unaligned": says(
        "rule.mail.authentication_conflict.unaligned",
        one="{server} says {stated} for {domain}, but nothing that it checked passed for that domain.",
    ),
}

_FROM_OF_LIST = says(
    "note.signature_removed_by_list",
    one="From is the list's address: a list that puts itself into From takes out the author's signature.",
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Test each statement of success; report the first of each kind."""
    told: set[str] = set()
    for name, result, values in _conflicts(message):
        if name not in told:
            told.add(name)
            yield _observation(name, result, values, from_list=name == "unsigned" and _is_from_list(message))


def _conflicts(message: Message) -> Iterator[tuple[str, AuthenticationResult, dict[str, str]]]:
    said = Stated(message)
    for result in said.results:
        if result.instance is not None:
            continue
        if result.result == "pass":
            if sealed := said.sealed_otherwise(result):
                yield "sealed_otherwise", result, {"sealed": f"{result.method}={sealed}"}
            domain = signed_domain(result) if result.method == "dkim" else ""
            if "." in domain and not said.is_signed(domain):
                yield "unsigned", result, {"domain": domain}
            if result.method == "arc" and not said.has_seal:
                yield "no_chain", result, {}
            if words := said.worded.get((result.locator, result.method)):
                yield "wording", result, {"words": words}
            if result.method == "dmarc" and said.is_unaligned(result):
                yield "unaligned", result, {"domain": result.properties["header.from"]}
        if said.is_above_trace(result):
            yield "above_trace", result, {}


def _is_from_list(message: Message) -> bool:
    """Whether From has the address of the list that the mail came by, as its id writes it."""
    sender = next((party.address.lower() for party in message.parties if party.field == "from"), "")
    return bool(message.list_id) and sender.replace("@", ".") == message.list_id.lower()


def _observation(name: str, result: AuthenticationResult, values: dict[str, str], *, from_list: bool) -> Observation:
    path = f"header:Authentication-Results[{result.index}]"
    stated = f"{result.method}={result.result}"
    return Observation(
        sentence=_SAID[name](server=result.server or "a server", stated=stated, **values),
        bin=name,
        evidence=(
            Evidence(
                role=Role.SUSPECT,
                label="Authentication-Results",
                value=f"{result.server}; {stated}",
                raw=result.raw,
                locator=replace(result.locator, path=path),
            ),
        ),
        suspect=path,
        compare=result.server,
        benign=(settled("signature_removed", State.EXPLAINS, _FROM_OF_LIST()),) if from_list else (),
    )


def cases() -> Iterator[Case]:
    """Cases of each conflict, and what servers write on genuine mail."""
    hops = (("mx.example", "2017-03-06T10:00:00+00:00"),)

    def mail(results: Iterable[AuthenticationResult], text: str = "x", signer: str = "") -> Message:
        signatures = ((signer, "s1"),) if signer else ()
        fields = (("Authentication-Results", text),)
        return message(hops=hops, fields=fields, signatures=signatures, results=tuple(results))

    def moved_up(results: Iterable[AuthenticationResult]) -> Message:
        places = [Locator(ranges=((place, place + 1),)) for place in range(900, 910)]
        made = [replace(one, raw=b"x", locator=place) for one, place in zip(results, places, strict=False)]
        return replace(mail(made), results=tuple(made))

    passed = tested("dkim", header_d="example.org")
    yield fires(mail([passed]), "a signature passed that is not there", bin="unsigned")
    yield fires(mail([passed], signer="other.example"), "another domain's signature is there", bin="unsigned")
    listed = replace(mail([passed]), list_id="anna.example.org")
    yield explained(listed, "the list put itself into From", by="signature_removed")
    words = "mx.example; spf=pass (no SPF record) smtp.mailfrom=example.org"
    spf = tested("spf", smtp_mailfrom="example.org")
    yield fires(mail([spf], words), "pass, and the words of a failure", bin="wording")
    both = "mx.example; spf=pass smtp.mailfrom=example.org; x-own=pass (no SPF record)"
    yield silent(mail([spf], both), "the words stand beside another test")
    yield fires(mail([tested("arc")]), "a chain passed that is not there", bin="no_chain")
    sealed = tested("dkim", "fail", instance=1)
    yield fires(mail([passed, sealed], signer="example.org"), "the server sealed a failure", bin="sealed_otherwise")
    other = [passed, sealed, tested("dkim", instance=1)]
    yield silent(mail(other, signer="example.org"), "one of two signatures passed when it was sealed")
    own = tested("spf", server="mx.example.org", below=0, smtp_mailfrom="example.org")
    yield fires(mail([own]), "on top, by a server that did not have the mail", bin="above_trace")
    received = replace(own, field="received-spf")
    yield silent(mail([passed, received], signer="example.org"), "a Received-SPF on top is not held against the trace")
    moved = [tested("spf", below=0, smtp_mailfrom="example.org"), tested("auth", server="mail.example.org", below=0)]
    yield silent(moved_up(moved), "the receiver moved all verdicts to the top, its own first")
    yield fires(moved_up(moved[::-1]), "above the receiver's own", bin="above_trace")
    sealed_top = [tested("spf", below=0, instance=1), moved[1]]
    yield silent(moved_up(sealed_top), "the receiver sealed its own, and moved all to the top")
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
