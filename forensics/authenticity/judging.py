"""Judges one signature: its header by the keys of its selector, its body by the hash that it states, and its limits."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from forensics.authenticity.key_records import KeyRecord
from forensics.authenticity.limits import of_signature
from forensics.authenticity.opening import Opened, first_that_opens
from forensics.model.authentication import BodyOutcome, Signature, fields_above
from forensics.model.rows.signatures import SignatureRow, SignedRow

Keys = Mapping[tuple[str, str], Sequence[tuple[str, KeyRecord]]]
"""Domain and selector, both in lower case, to the keys of that selector with their names."""


Signed = Signature | SignatureRow | SignedRow
"""A signature as it was read, or its row."""


class Judged(NamedTuple):
    """What the keys at hand say of a signature."""

    key: str
    """Name of the key that says most."""
    opened: Opened
    body: BodyOutcome
    limits: tuple[str, ...]
    """Why it authenticates less than it holds: `forensics.authenticity.limits.LIMITS`."""


def judge(signature: Signed, keys: Keys, loose: Collection[str] = ()) -> Judged | None:
    """Return what the keys of its selector say; ``None`` where there are none.

    Args:
        signature: with its digests.
        keys: those at hand.
        loose: names of recovered keys that nothing binds to their domain.
    """
    domain, algorithm = signature.domain.lower(), signature.algorithm
    records = keys.get((domain, signature.selector.lower()))
    if not records:
        return None
    name, opened = first_that_opens(records, signature.signature, algorithm, signature.header_digest)
    name = name or records[0][0]
    body = of_body(signature)
    record, anchored = dict(records)[name], name not in loose
    above = bool(fields_above(signature.signed_fields, signature.fields_present))
    limits = of_signature(
        record, algorithm, signature.signed_fields, body, domain, signature.auid, above=above, anchored=anchored
    )
    return Judged(name, opened, body, tuple(limits))


def of_body(signature: Signed) -> BodyOutcome:
    """Return what a signature says of the body, for which no key is needed."""
    if signature.kind == "as" or not signature.body_hash_stated or not signature.body_hash:
        return BodyOutcome.UNTESTED
    if signature.body_hash != signature.body_hash_stated:
        return BodyOutcome.ALTERED
    beyond = signature.body_length is not None and signature.body_length < (signature.body_size or 0)
    return BodyOutcome.SURPLUS if beyond else BodyOutcome.HOLDS
