"""Keys of the sample leak against arithmetic of its own and against OpenSSL."""

import hashlib
from random import Random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from forensics._demo.leak.rsa import EXPONENT, is_prime, prime, private_key


def test_small_numbers():
    divided = [number for number in range(2, 5000) if all(number % low for low in range(2, int(number**0.5) + 1))]
    assert [number for number in range(5000) if is_prime(number)] == divided


def test_known_primes_and_numbers_that_look_like_primes():
    assert is_prime(2**521 - 1) and is_prime(2**255 - 19)
    assert not is_prime((2**89 - 1) * (2**107 - 1))
    # Carmichael numbers, and the least strong pseudoprimes to the first one, two, four and eight bases.
    for number in (561, 825_265, 2047, 1_373_653, 3_215_031_751, 341_550_071_728_321):
        assert not is_prime(number)


def test_a_prime_suits_the_exponent_and_the_product():
    for number in range(20):
        found = prime(Random(number), 128)
        assert found.bit_length() == 128 and found >> 125 == 7
        assert is_prime(found) and (found - 1) % EXPONENT


def test_same_seed_same_key():
    first, again, other = private_key(Random("a")), private_key(Random("a")), private_key(Random("b"))
    assert first == again and first.modulus != other.modulus
    assert first.modulus.bit_length() == 1024


def test_signature_opens_to_the_digest():
    key = private_key(Random("a"))
    opened = pow(int.from_bytes(key.sign(b"text"), "big"), EXPONENT, key.modulus).to_bytes(128, "big")
    assert opened.startswith(b"\x00\x01\xff\xff") and opened.endswith(hashlib.sha256(b"text").digest())


def test_openssl_reads_the_key_and_verifies():
    key = private_key(Random("a"))
    public = load_der_public_key(key.public())
    assert isinstance(public, RSAPublicKey) and public.public_numbers().n == key.modulus
    public.verify(key.sign(b"text"), b"text", PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(key.sign(b"text"), b"other", PKCS1v15(), SHA256())
