"""RSA keys of 1,024 bits that are made from a seed: the same seed gives the same key on every machine."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BITS = 1024
EXPONENT = 65537
_SMALL = tuple([number for number in range(3, 2000, 2) if all(number % by for by in range(3, number, 2))])
_ROUNDS = 20


@dataclass(frozen=True)
class SigningKey:
    """Key of one selector of a domain."""

    domain: str
    selector: str
    private: RSAPrivateKey

    @property
    def public(self) -> str:
        """What ``p=`` of its key record says: a SubjectPublicKeyInfo in base64."""
        der = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def sign(self, data: bytes) -> str:
        """Return the signature of RFC 8017 8.2 over SHA-256, in base64; the same data give the same signature."""
        return base64.b64encode(self.private.sign(data, PKCS1v15(), SHA256())).decode()


@lru_cache(None)
def key_of(domain: str, seed: str) -> SigningKey:
    """Return the key of a domain under a selector that is invented too."""
    rng = Random(f"key of {domain}, {seed}")
    return SigningKey(domain, f"k{rng.getrandbits(40):010x}", _private(rng))


def _private(rng: Random) -> RSAPrivateKey:
    p, q = _prime(rng), _prime(rng)
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    numbers = RSAPrivateNumbers(
        p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), RSAPublicNumbers(EXPONENT, p * q)
    )
    return numbers.private_key()


def _prime(rng: Random) -> int:
    """Return a prime of half the bits, its two highest set, that does not divide into the exponent."""
    while True:
        found = rng.getrandbits(BITS // 2) | 3 << (BITS // 2 - 2) | 1
        if found % EXPONENT != 1 and _is_prime(found):
            return found


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test with small bases, after division by small primes; chance of error is far below 4^-20."""
    if any(number % small == 0 for small in _SMALL):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in _SMALL[:_ROUNDS]:
        rest = pow(base, odd, number)
        if rest in (1, number - 1):
            continue
        if not any((rest := rest * rest % number) == number - 1 for _ in range(twos - 1)):
            return False
    return True


def table(keys: Iterable[SigningKey]) -> str:
    """Return a key file that stands for DNS: domain, selector and key by tabs."""
    rows = sorted({(key.domain, key.selector, key.public) for key in keys})
    return "".join(["\t".join(row) + "\n" for row in [("domain", "selector", "p"), *rows]])
