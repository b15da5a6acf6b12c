"""Why a signature that holds authenticates nothing, or less than the whole mail.

Source: RFC 6376 3.5, 3.6.1, 5.4, 8.2, 8.15; RFC 8301 3.1, 3.2; kb:A-02 to A-08.
"""

from collections.abc import Mapping, Sequence

from forensics.authenticity.key_records import KeyRecord
from forensics.knowledge.published_keys import published_keys

LIMITS = (
    "from_unsigned",
    "length",
    "field_above",
    "deprecated_hash",
    "short_key",
    "testing",
    "revoked",
    "forbidden_hash",
    "forbidden_service",
    "strict_domain",
    "identity_domain",
    "other_kind",
    "unanchored",
    "published",
)
"""Closed list: From is not signed; text lies beyond ``l=``; a field stands above the one that is signed; SHA-1; a key
under 1,024 bits; the record says that the
domain only tests, that the key is revoked, that its hash or mail may not be signed with it, that ``i=`` must have the
domain of ``d=``; ``i=`` lies outside ``d=``; key and signature are of different kinds; a key recovered from the archive
that nothing outside these mails binds to the domain; a private key that is public."""
SHORT_BITS = 1024


def of_signature(
    record: KeyRecord,
    algorithm: str,
    signed_fields: Sequence[str],
    body: str,
    domain: str,
    auid: str,
    *,
    above: bool = False,
    anchored: bool = True,
) -> list[str]:
    """Return what a signature and its key record limit, in the order of `LIMITS`.

    Args:
        record: of the key that opens it.
        algorithm: ``a=``, lower case.
        signed_fields: ``h=``, lower case.
        body: `BodyOutcome`.
        domain: ``d=``, lower case.
        auid: ``i=`` of a DKIM signature, empty where it is not stated.
        above: whether a field that may stand once stands above the one that is signed.
        anchored: whether the key is its domain's own, as far as `forensics.authenticity.anchoring` can tell.
    """
    kind, _, hash_name = algorithm.partition("-")
    own = of_key(record)
    host = auid.rpartition("@")[2].lower() if auid else domain
    found: Mapping[str, bool] = {
        "from_unsigned": "from" not in signed_fields,
        "length": body == "surplus",
        "field_above": above,
        "deprecated_hash": hash_name == "sha1",
        "forbidden_hash": bool(record.hashes) and hash_name not in record.hashes,
        "forbidden_service": bool(record.services) and not {"*", "email"} & set(record.services),
        "strict_domain": record.strict and host != domain,
        "identity_domain": host != domain and not host.endswith(f".{domain}"),
        "other_kind": record.kind != kind,
        "unanchored": not anchored,
    }
    return [limit for limit in LIMITS if found.get(limit) or limit in own]


def of_key(record: KeyRecord) -> list[str]:
    """Return what a key record limits whatever is signed with it, in the order of `LIMITS`."""
    found: Mapping[str, bool] = {
        "short_key": 0 < record.bits < SHORT_BITS and record.ed25519 is None,
        "testing": record.testing,
        "revoked": record.revoked,
        "published": record.sha256 in published_keys(),
    }
    return [limit for limit in LIMITS if found.get(limit)]
