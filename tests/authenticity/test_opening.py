"""What a key makes of a signature: it holds, another header was signed, or another key signed it."""

import hashlib
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.authenticity.opening import first_that_opens, open_signature

HEADER = b"from:anna@one.example\r\n"
DIGEST = hashlib.sha256(HEADER).hexdigest()
OTHER = hashlib.sha256(b"from:eve@one.example\r\n").hexdigest()
KEY, SECOND = rsa.generate_private_key(65537, 1024), rsa.generate_private_key(65537, 1024)


def record(key: rsa.RSAPrivateKey, tags: bytes = b"v=DKIM1; k=rsa; ", *, bare: bool = False) -> KeyRecord:
    der, form = serialization.Encoding.DER, serialization.PublicFormat
    public = key.public_key().public_bytes(der, form.PKCS1 if bare else form.SubjectPublicKeyInfo)
    return read_record(tags + b"p=" + b64encode(public))


def signed(key: rsa.RSAPrivateKey, name: hashes.HashAlgorithm | None = None) -> bytes:
    return key.sign(HEADER, padding.PKCS1v15(), name or hashes.SHA256())


def test_it_holds_and_gives_the_digest_away() -> None:
    assert open_signature(record(KEY), signed(KEY), "rsa-sha256", DIGEST) == ("holds", DIGEST, "sha256")


def test_a_changed_header_opens_to_the_digest_that_was_signed() -> None:
    assert open_signature(record(KEY), signed(KEY), "rsa-sha256", OTHER) == ("altered", DIGEST, "sha256")


def test_another_key_is_no_sign_of_a_change() -> None:
    assert open_signature(record(SECOND), signed(KEY), "rsa-sha256", DIGEST).outcome == "other_key"
    assert open_signature(record(KEY), signed(KEY)[1:], "rsa-sha256", DIGEST).outcome == "other_key"
    assert open_signature(record(KEY), b"", "rsa-sha256", DIGEST).outcome == "other_key"


def test_no_digest_to_compare() -> None:
    assert open_signature(record(KEY), signed(KEY), "rsa-sha256", "") == ("untested", DIGEST, "sha256")


def test_a_hash_other_than_the_stated_one_does_not_hold() -> None:
    old = hashlib.sha1(HEADER).hexdigest()
    assert open_signature(record(KEY), signed(KEY, hashes.SHA1()), "rsa-sha1", old) == ("holds", old, "sha1")
    assert open_signature(record(KEY), signed(KEY, hashes.SHA1()), "rsa-sha256", old).outcome == "altered"


def test_of_several_keys_the_one_that_opens_counts() -> None:
    keys = [("later", record(SECOND)), ("then", record(KEY))]
    assert first_that_opens(keys, signed(KEY), "rsa-sha256", OTHER) == ("then", ("altered", DIGEST, "sha256"))
    assert first_that_opens(keys, b"x" * 128, "rsa-sha256", DIGEST)[1].outcome == "other_key"
    assert first_that_opens([], signed(KEY), "rsa-sha256", DIGEST)[0] == ""


def test_ed25519_signs_the_digest() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    key = read_record(b"v=DKIM1; k=ed25519; p=" + b64encode(raw))
    signature = private.sign(bytes.fromhex(DIGEST))
    assert open_signature(key, signature, "ed25519-sha256", DIGEST) == ("holds", "", "")
    assert open_signature(key, signature, "ed25519-sha256", OTHER).outcome == "altered"
    assert open_signature(key, signature, "rsa-sha256", DIGEST).outcome == "other_key"


def test_a_bare_key_and_what_its_owner_says_of_it() -> None:
    key = record(KEY, b"k=rsa; t=y:s; h=sha256 : sha1; s=email; ", bare=True)
    assert (key.bits, key.testing, key.strict, key.hashes, key.services) == (
        *(1024, True, True),
        *(("sha256", "sha1"), ("email",)),
    )
    assert open_signature(key, signed(KEY), "rsa-sha256", DIGEST).outcome == "holds"


@pytest.mark.parametrize("text", [b"", b"p=", b"p=AAAA", b"k=dsa; p=AAAA", b"\xff;=;p=\xff", b"k=ed25519; p=AAAA"])
def test_records_that_hold_no_key(text: bytes) -> None:
    key = read_record(text)
    assert (key.rsa, key.ed25519, key.bits) == (None, None, 0)
    assert open_signature(key, signed(KEY), "rsa-sha256", DIGEST).outcome in ("untested", "other_key")
    assert read_record(b"p=; ").revoked
