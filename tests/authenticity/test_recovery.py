"""Keys that two signatures give away; keys are made here."""

import hashlib
import sys
from functools import cache
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from forensics.authenticity.key_records import read_record
from forensics.authenticity.opening import open_signature
from forensics.authenticity.recovery import PublicKey, Signed, arithmetic, recover
from forensics.errors import NotInstalled

_HASHES = {"sha256": hashes.SHA256(), "sha1": hashes.SHA1()}


@cache
def private_key(number: int, bits: int = 1024, exponent: int = 3) -> rsa.RSAPrivateKey:
    """Return a key; its small exponent keeps the tests short."""
    return rsa.generate_private_key(exponent, bits)


def sign(text: bytes, key: rsa.RSAPrivateKey, hash_name: str = "sha256", *, changed: bool = False) -> Signed:
    signature = key.sign(text, padding.PKCS1v15(), _HASHES[hash_name])
    return Signed(signature, hashlib.new(hash_name, text + b"." * changed).digest(), hash_name)


def modulus(key: rsa.RSAPrivateKey) -> int:
    return key.public_key().public_numbers().n


@pytest.mark.parametrize("hash_names", [("sha256", "sha256"), ("sha1", "sha1"), ("sha1", "sha256")])
@pytest.mark.parametrize("bits", [1024, 2048])
def test_two_signatures_give_the_key(bits: int, hash_names: tuple[str, str]) -> None:
    key = private_key(1, bits)
    found = recover(sign(b"one", key, hash_names[0]), sign(b"two", key, hash_names[1]))
    assert found == PublicKey(modulus(key), 3)
    assert found.bits == bits


def test_its_record_opens_a_third_signature() -> None:
    key = private_key(1)
    found = recover(sign(b"one", key), sign(b"two", key))
    assert found is not None
    assert found.record.startswith(b"v=DKIM1; k=rsa; p=")
    third = sign(b"three", key)
    opened = open_signature(read_record(found.record), third.signature, "rsa-sha256", third.digest.hex())
    assert opened.outcome == "holds"


def test_small_factors_that_they_share_by_chance_are_taken_out() -> None:
    """Of forty pairs hardly any share nothing: two numbers are both even in a quarter of them."""
    key = private_key(1)
    signed = [sign(b"%d" % number, key) for number in range(41)]
    assert {recover(*pair) for pair in pairwise(signed)} == {PublicKey(modulus(key), 3)}


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(sign(b"two", private_key(1), changed=True), id="the header was changed"),
        pytest.param(sign(b"two", private_key(2)), id="another key"),
        pytest.param(sign(b"two", private_key(1, 2048)), id="a key of another length"),
        pytest.param(sign(b"one", private_key(1)), id="the same signature"),
        pytest.param(Signed(b"\x01" * 63, b"\x02" * 32, "sha256"), id="too short"),
    ],
)
def test_other_pairs_give_nothing(second: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.authenticity.recovery.EXPONENTS", (3, 17))
    assert recover(sign(b"one", private_key(1)), second) is None
    assert recover(second, sign(b"one", private_key(1))) is None


def test_signatures_longer_than_any_key_are_not_computed() -> None:
    long = [Signed(bytes([number]) * 4096, bytes(32), "sha256") for number in (1, 2)]
    assert recover(*long) is None


@pytest.mark.shared
def test_the_usual_exponent() -> None:
    """Marked as those on real input are: it takes half a minute."""
    key = private_key(1, 1024, 65537)
    assert recover(sign(b"one", key), sign(b"two", key)) == PublicKey(modulus(key), 65537)


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    with pytest.raises(NotInstalled, match="gmpy2") as said:
        arithmetic()
    assert said.value.exit_code == 2
