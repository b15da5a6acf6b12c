"""What the authentication results of one mail say, by server."""

import re
from collections.abc import Iterable, Iterator

from forensics.knowledge.suffixes import organization
from forensics.model.authentication import AuthenticationResult
from forensics.model.locations import Locator
from forensics.model.mail import Message

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
    rb"|(?:p|dis)=pass"
)
"""Without one of these words, in lower case, no statement needs to be taken apart."""


class Stated:
    """What all results of a mail say, by server: each is looked at once, however many there are."""

    def __init__(self, message: Message) -> None:
        self.results = [one for one in message.results if one.field != "received-spf"]
        """Of Authentication-Results, plain or sealed."""
        self.signers = {one.domain.lower() for one in message.signatures if one.kind == "dkim" and one.domain}
        self.has_seal = any(signature.kind == "as" for signature in message.signatures)
        self.trace = {organization(hop.by) for hop in message.trace}
        tops = [one for one in self.results if one.below == 0 and one.server and organization(one.server) in self.trace]
        self.first_own = min([_start(one) for one in tops], default=message.size)
        """Where the first verdict above all trace fields stands that a server of the mail's way gave."""
        self.worded = dict(_worded(self.results))
        self.sealed: dict[tuple[str, str], tuple[int, list[str]]] = {}
        """The newest seal of each server on each test: its number, and all results that it states."""
        self.tested: dict[str, set[str]] = {}
        """For which organizations a server says that signature or envelope passed."""
        for one in self.results:
            key = (one.server, one.method)
            if one.instance is not None:
                number, results = self.sealed.get(key, (0, []))
                if one.instance > number or not results:
                    self.sealed[key] = one.instance, [one.result]
                elif one.instance == number:
                    results.append(one.result)
            elif one.method in ("dkim", "spf"):
                passed = self.tested.setdefault(one.server, set())
                if one.result == "pass":
                    passed.add(_house(one))

    def sealed_otherwise(self, stated: AuthenticationResult) -> str:
        """Return what the same server sealed of the same test, if no result is a success; its newest seal counts."""
        _, results = self.sealed.get((stated.server, stated.method), (0, []))
        return results[0] if results and "pass" not in results else ""

    def is_above_trace(self, stated: AuthenticationResult) -> bool:
        """Whether a server that did not have the mail says so above all trace fields, and above those that had it.

        Where a verdict of a server of the way stands above it, the receiver moved all to the top, in their order.
        """
        return (
            stated.below == 0
            and bool(self.trace and stated.server)
            and _start(stated) < self.first_own
            and organization(stated.server) not in self.trace
        )

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
        return bool(author) and passed is not None and organization(author) not in passed


def _start(result: AuthenticationResult) -> int:
    return result.locator.ranges[0][0] if result.locator.ranges else 0


def _worded(results: Iterable[AuthenticationResult]) -> Iterator[tuple[tuple[Locator, str], str]]:
    """Yield field and method whose success stands beside the words of a failure, with those words."""
    fields = {one.locator: one.raw for one in results if one.raw[:4].lower() != b"arc-"}
    for locator, raw in fields.items():
        if _HINT.search(raw.lower()):
            for passed in _PASSED.finditer(raw):
                comment, reason = passed[2], passed[3]
                if (_FAILED if reason is None else _REASON).search(comment if reason is None else reason):
                    words = passed[0][:_SHOWN].decode("utf-8", "replace")
                    yield (locator, passed[1].decode("ascii").lower()), words


def signed_domain(result: AuthenticationResult) -> str:
    """Return the domain of the signature that a result is about."""
    return result.properties.get("header.d", "") or result.properties.get("header.i", "").rpartition("@")[2]


def _house(result: AuthenticationResult) -> str:
    """Of which organization the signature or the envelope is."""
    envelope = result.properties.get("smtp.mailfrom", "") or result.properties.get("smtp.helo", "")
    return organization(signed_domain(result) if result.method == "dkim" else envelope.rpartition("@")[2])
