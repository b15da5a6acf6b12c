"""ARC chains: whether the sets of a message are whole and in order, and whether seals and message signatures hold.

The verdict is that of a verifier with no other keys than those that are given. A verifier without the key of the time
fails a chain that nobody touched: `UNKNOWN` names the reasons that show no change.

Source: RFC 8617 4.2, 5.1, 5.2; RFC 8301 3.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from forensics.authenticity.judging import Judged, Signed, of_body
from forensics.model.authentication import BodyOutcome, ChainOutcome, HeaderOutcome
from forensics.model.rows.chains import ChainRow

REASONS = (
    "too_many_sets",
    "claimed_fail",
    "incomplete_set",
    "repeated_field",
    "wrong_claim",
    "malformed",
    "signs_seal",
    "algorithm",
    "no_key",
    "refused_key",
    "other_key",
    "header_altered",
    "body_altered",
    "untested",
)
"""Closed list: more than 50 sets; the newest seal says ``cv=fail``; a set lacks one of its three fields, or a number is
left out; a set has one of them twice; ``cv=`` is not ``none`` in the first seal or not ``pass`` in a later one; a tag
list has a fault; a message signature signs a seal; SHA-1 or an unknown algorithm; no key at hand; its key is revoked,
too short or for another use; no key at hand is the one that signed; header or body were changed; no digest to compare.
"""
UNKNOWN = frozenset(("no_key", "other_key", "untested"))
"""Reasons that show no change: the key of the time, or part of the message, is not at hand."""
MAX_SETS = 50
_ALGORITHMS = frozenset(("rsa-sha256", "ed25519-sha256"))
_REFUSED = frozenset(("short_key", "revoked", "forbidden_hash", "forbidden_service", "other_kind"))


class Link(msgspec.Struct, frozen=True):
    """One message signature or seal, judged by itself."""

    kind: str
    """``ams`` or ``as``."""
    index: int
    instance: int
    """0: it states none."""
    outcome: ChainOutcome
    reason: str = ""
    key: str = ""
    """Name of the key that says most."""


class Chain(msgspec.Struct, frozen=True):
    """What a verifier says of the chain of one message (RFC 8617 5.2)."""

    outcome: ChainOutcome
    reason: str = ""
    """The first that it fails for, those that show a change before those that show none; of `REASONS`."""
    instance: int = 0
    """Set that it fails at; 0: it does not, or at none that can be named."""
    oldest_pass: int | None = None
    """Lowest set from which on all message signatures hold, 0: all of them; absent where the newest does not."""
    links: tuple[Link, ...] = ()
    """Every message signature and seal, newest set first."""


def judge_chain(signatures: Iterable[tuple[Signed, Judged | None]]) -> Chain:
    """Judge the ARC sets of one message.

    Args:
        signatures: of the message, each with what the keys at hand say of it; those that are not of ARC are left out.
    """
    fields = [(one, judged) for one, judged in signatures if one.kind in ("ams", "as")]
    if not fields:
        return Chain(ChainOutcome.NONE)
    links = tuple(sorted([_link(*one) for one in fields], key=lambda one: (-one.instance, one.kind, one.index)))
    oldest = _oldest_pass(links)
    reason, instance = _structure([one for one, _ in fields]) or _first_failure(links) or ("", 0)
    outcome = ChainOutcome.FAIL if reason else ChainOutcome.PASS
    return Chain(outcome, reason, instance, oldest, links)


def chain_row(sha256: str, signatures: Sequence[tuple[Signed, Judged | None]]) -> ChainRow | None:
    """Return the row of a message, as `judge_chain` judges it; none where it has no ARC field that signs."""
    chain = judge_chain(signatures)
    if not chain.links:
        return None
    seals = [(one.instance or 0, one.chain) for one, _ in signatures if one.kind == "as"]
    return ChainRow(
        sha256=sha256,
        outcome="unknown" if chain.reason in UNKNOWN else chain.outcome,
        reason=chain.reason,
        instance=chain.instance,
        oldest_pass=chain.oldest_pass,
        sets=max([link.instance for link in chain.links]),
        claimed=max(seals)[1] if seals else "",
    )


def _structure(fields: Sequence[Signed]) -> tuple[str, int] | None:
    """Return why the sets are no chain, and at which; nothing where they are."""
    there = Counter((one.kind, one.instance or 0) for one in fields)
    there.update(("results", instance) for instance in fields[0].arc_results)
    last = max(instance for _, instance in there)
    if last > MAX_SETS:
        return "too_many_sets", last
    claims = {one.instance: one.chain for one in fields if one.kind == "as"}
    if claims.get(last) == "fail":
        return "claimed_fail", last
    if any(not instance for _, instance in there):
        return "incomplete_set", 0
    for instance in range(1, last + 1):
        counts = [there[kind, instance] for kind in ("results", "ams", "as")]
        if counts != [1, 1, 1]:
            return "incomplete_set" if 0 in counts else "repeated_field", instance
        if claims[instance] != ("none" if instance == 1 else "pass"):
            return "wrong_claim", instance
    return None


def _first_failure(links: Sequence[Link]) -> tuple[str, int] | None:
    """Return why a chain of whole sets fails: its newest message signature, then its seals from the newest on."""
    newest = [link for link in links if link.kind == "ams"][:1]
    failing = [link for link in (*newest, *[link for link in links if link.kind == "as"]) if link.reason]
    failing.sort(key=lambda link: link.reason in UNKNOWN)
    return (failing[0].reason, failing[0].instance) if failing else None


def _oldest_pass(links: Sequence[Link]) -> int | None:
    oldest: int | None = None
    for link in links:
        if link.kind == "ams":
            if link.reason:
                return oldest
            oldest = link.instance
    return oldest if oldest is None else 0


def _link(field: Signed, judged: Judged | None) -> Link:
    reason = _fault(field) or _reason(field, judged)
    outcome = ChainOutcome.FAIL if reason else ChainOutcome.PASS
    return Link(field.kind, field.index, field.instance or 0, outcome, reason, judged.key if judged else "")


def _fault(field: Signed) -> str:
    """Return why a field is none that a verifier takes, whatever its key."""
    if field.faults:
        return "malformed"
    if field.kind == "ams" and "arc-seal" in field.signed_fields:
        return "signs_seal"
    return "" if field.algorithm in _ALGORITHMS else "algorithm"


def _reason(field: Signed, judged: Judged | None) -> str:
    if judged is None:
        return "body_altered" if of_body(field) is BodyOutcome.ALTERED else "no_key"
    if _REFUSED & set(judged.limits):
        return "refused_key"
    if judged.opened.outcome is not HeaderOutcome.HOLDS:
        return _OF_HEADER[judged.opened.outcome]
    return _OF_BODY.get(judged.body, "") if field.kind == "ams" else ""


_OF_HEADER = {
    HeaderOutcome.ALTERED: "header_altered",
    HeaderOutcome.OTHER_KEY: "other_key",
    HeaderOutcome.UNTESTED: "untested",
}
_OF_BODY = {BodyOutcome.ALTERED: "body_altered", BodyOutcome.UNTESTED: "untested"}
