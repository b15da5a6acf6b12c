"""Files of authors' keys: every form is told by its content, and what gives none is counted and said."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from forensics.authenticity.signer_files import read_signer_file
from forensics.model.signer_keys import SignerKind
from tests.signed_by_authors import ANNA, armoured, certificate, fingerprint, pgp_key

BEN = "ben@example.net"
ROOT = certificate("Example Root")


def read(data: bytes) -> tuple[str, list[str], int, list[str]]:
    found = read_signer_file("keys", data)
    assert found is not None
    file, keys = found
    assert {key.origin for key in keys} <= {"keys"} and file.taken == len(keys)
    addresses = sorted(address for key in keys for address in key.addresses)
    return file.form, addresses, file.other, [notice.code for notice in file.notices]


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_certificates_and_bundles(encoding: Encoding) -> None:
    assert read(certificate().public_bytes(encoding)) == ("certificates", [ANNA], 0, [])
    bundle = pkcs7.serialize_certificates([certificate(), certificate(BEN), ROOT], encoding)
    assert read(bundle) == ("certificates", [ANNA, BEN], 1, [])


def test_several_certificates_in_a_file_and_one_that_is_none() -> None:
    pem = certificate().public_bytes(Encoding.PEM)
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    assert read(pem + b"Subject: Ben\n" + certificate(BEN).public_bytes(Encoding.PEM) + pem + broken) == (
        *("certificates", [ANNA, BEN], 0),
        ["keys.record"],
    )
    bundle = b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n"
    assert read(bundle) == ("certificates", [], 0, ["keys.record"])


def test_key_rings_armoured_or_not_each_key_with_its_own_names() -> None:
    ring = pgp_key() + pgp_key(BEN)
    assert read(ring) == ("OpenPGP keys", [ANNA, BEN], 0, [])
    blocks = b"".join(armoured(pgp_key(signer), "PUBLIC KEY BLOCK") for signer in (ANNA, BEN))
    assert read(b"Two keys:\r\n" + blocks) == ("OpenPGP keys", [ANNA, BEN], 0, [])
    found = read_signer_file("keys", pgp_key())
    assert found is not None
    (key,) = found[1]
    assert (key.kind, key.key) == (SignerKind.OPENPGP, fingerprint().hex())
    empty = armoured(b"", "PUBLIC KEY BLOCK")
    assert read(empty) == ("OpenPGP keys", [], 0, ["keys.record"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0",
        b"\x99",
        b"example.org s1 TXT",
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"\x30\x03\x02\x01\x01",
    ],
)
def test_other_files_are_none(data: bytes) -> None:
    assert read_signer_file("keys", data) is None
