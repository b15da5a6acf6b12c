"""Signed parts of mails without a case, under keys that are given."""

from collections.abc import Iterable, Sequence

import msgspec

from forensics.authenticity.trying import tried
from forensics.model.rows.signed_parts import SignedPartRow
from forensics.model.signed_parts import PartOutcome, Ready, SignedKind
from forensics.model.signer_keys import SignerKey, SignerKind
from forensics.model.signer_lines import SignedPartLine

_SMIME = (SignedKind.SMIME, SignedKind.SMIME_OPAQUE)


def judged_parts(rows: Iterable[SignedPartRow], given: Sequence[SignerKey]) -> tuple[SignedPartLine, ...]:
    """Return what each part says; one whose key was not given says what its own mail shows."""
    return tuple([_judged(row, _named(row, given)) for row in rows])


def _named(row: SignedPartRow, given: Sequence[SignerKey]) -> list[SignerKey]:
    """Return the keys that a signature may mean."""
    kind = SignerKind.SMIME if row.kind in _SMIME else SignerKind.OPENPGP
    return [key for key in given if key.kind is kind and row.key in key.ids]


def _judged(row: SignedPartRow, keys: Sequence[SignerKey]) -> SignedPartLine:
    said = SignedPartLine(
        sha256=row.sha256,
        index=row.index,
        kind=row.kind,
        number=row.number,
        outcome=row.outcome,
        key=row.key,
        obtained="mail" if row.issued else "",
        signers=tuple(row.signers),
        outside=tuple(row.outside),
    )
    if row.outcome == PartOutcome.HOLDS and keys:
        return msgspec.structs.replace(said, obtained="file", origin=keys[0].origin)
    if row.outcome != PartOutcome.NO_KEY or not row.digests or not keys:
        return said
    ready = Ready(digests=tuple(map(bytes.fromhex, row.digests)), value=row.value, method=row.method)
    tests = [(tried(ready, row.digest_name, key.kind, key.raw), key) for key in keys]
    outcome, key = next((test for test in tests if test[0] is PartOutcome.HOLDS), tests[0])
    return msgspec.structs.replace(
        said, outcome=outcome.value, key=key.key, obtained="file", origin=key.origin, signers=key.addresses
    )
