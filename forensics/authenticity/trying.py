"""A key that comes to hand after the scan, tried on a signature that the scan made ready."""

from forensics.authenticity import certificates, openpgp
from forensics.model.signed_parts import PartOutcome, Ready
from forensics.model.signer_keys import SignerKind


def tried(ready: Ready, digest_name: str, kind: str, raw: bytes) -> PartOutcome:
    """Return what a signature says under a key.

    Args:
        ready: the signature.
        digest_name: the hash of its digests.
        kind: of the key, `SignerKind`.
        raw: the key, as `forensics.model.signer_keys.SignerKey` has it.

    Returns:
        ``holds``, ``other_key``, or ``untested`` where its method, or what it consists of, is not read.
    """
    made = (certificates if kind == SignerKind.SMIME else openpgp).holds(ready, digest_name, raw)
    if made is None:
        return PartOutcome.UNTESTED
    return PartOutcome.HOLDS if made else PartOutcome.OTHER_KEY
