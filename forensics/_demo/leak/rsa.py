"""RSA keys and signatures in plain Python, from a seeded generator. Source: RFC 8017 3, 8.2.1, 9.2.

A key has 1,024 bits: the least that a verifier accepts (RFC 8301 3.2), and what many servers had in 2016. Its modulus
has four prime factors, which the public key does not show: plain Python makes such a key in a third of the time of one
with two, and signs with it in less than half.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import isqrt, prod
from random import Random

BITS = 1024
PRIMES = 4
EXPONENT = 65_537
_SIEVE_END = 2000
_ROUNDS = 12
"""Bases tried: a random odd number of 256 bits that passes them is composite in less than one case in 2 to the 80."""
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")
_INTEGER, _BIT_STRING, _SEQUENCE = 0x02, 0x03, 0x30
_LONG_FORM = 0x80


def _small_primes(end: int) -> tuple[int, ...]:
    return tuple([number for number in range(2, end) if all(number % low for low in range(2, isqrt(number) + 1))])


SMALL_PRIMES = _small_primes(_SIEVE_END)


def is_prime(number: int) -> bool:
    """Whether a number passes Miller and Rabin's test to the first primes."""
    if number < _SIEVE_END:
        return number in SMALL_PRIMES
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, base, odd, twos) for base in SMALL_PRIMES[:_ROUNDS])


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(twos - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False


def prime(rng: Random, bits: int) -> int:
    """Return the next prime after a random number that suits the public exponent.

    Its three highest bits are set, so that a product of four such primes has four times their bits.
    """
    start = rng.getrandbits(bits) | 7 << (bits - 3) | 1
    rests = [(low, start % low) for low in SMALL_PRIMES[1:]]
    return next(
        start + step
        for step in count(0, 2)
        if all((rest + step) % low for low, rest in rests) and (start + step) % EXPONENT != 1 and is_prime(start + step)
    )


@dataclass(frozen=True)
class PrivateKey:
    """A key, by its primes."""

    primes: tuple[int, ...]

    @cached_property
    def modulus(self) -> int:
        """Their product."""
        return prod(self.primes)

    @cached_property
    def _parts(self) -> tuple[tuple[int, int, int], ...]:
        """Each prime, its private exponent, and what its remainder counts for in the whole (Chinese remainders)."""
        rows = [(one, self.modulus // one) for one in self.primes]
        return tuple([(one, pow(EXPONENT, -1, one - 1), pow(others, -1, one) * others) for one, others in rows])

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the SHA-256 of *data* (PKCS #1 v1.5)."""
        size = (self.modulus.bit_length() + 7) // 8
        info = _DIGEST_INFO + hashlib.sha256(data).digest()
        padded = int.from_bytes(b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info, "big")
        signed = sum([pow(padded, exponent, one) * weight for one, exponent, weight in self._parts])
        return (signed % self.modulus).to_bytes(size, "big")

    def public(self) -> bytes:
        """Return the public key as ``p=`` of a key record has it (DER, not yet base64)."""
        key = _der(_SEQUENCE, _integer(self.modulus) + _integer(EXPONENT))
        return _der(_SEQUENCE, _ALGORITHM + _der(_BIT_STRING, b"\x00" + key))


def private_key(rng: Random, bits: int = BITS) -> PrivateKey:
    """Make a key: the same state of the generator makes the same key."""
    return PrivateKey(tuple([prime(rng, bits // PRIMES) for _ in range(PRIMES)]))


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < _LONG_FORM:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(digits))) + digits + content
