"""Public RSA keys computed from signatures: two of one signer give its modulus away.

A signature ``s`` under the public exponent ``e`` and the modulus ``n`` raised to ``e`` is the padded digest ``EM`` that
was signed, so ``n`` divides ``s**e - EM``, and the greatest common divisor of two such numbers is ``n`` times what they
share by chance: a small number. The numbers have 67 and 134 million bits (1,024 and 2,048 bits, ``e`` 65537), which
needs a fast library: gmpy2. Either digest being another than the one that was signed, nothing is found.

Source: RFC 8017 8.2.2, 9.2; kb:A-20.
"""

import base64
from functools import cache
from math import gcd, isqrt, prod
from types import ModuleType
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics.errors import NotInstalled

EXPONENTS = (3, 17, 65537)
"""All that signers of mail are known to use. The first two cost 0.04 and 0.8 ms a pair of 2,048 bits (measured), which
is nothing beside the last."""
LEAST_BYTES = 64
"""Of a signature: keys under 512 bits cannot be loaded, and anybody could factor them."""
MOST_BYTES = 512
"""Of a signature: the time grows a little faster than this number, 26 s of one processor at 256 bytes."""
_SMALL = 1 << 16
"""Below it lie the prime factors that two numbers share by chance; no modulus has one."""
_COFACTOR_BITS = 256
"""What they share by chance has a few bits: a number that is so much longer than a signature is something else."""
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
}


class Signed(NamedTuple):
    """A signature and the digest that it signed, if nothing was changed since."""

    signature: bytes
    digest: bytes
    hash_name: str
    """``sha256`` or ``sha1``."""


class PublicKey(NamedTuple):
    """An RSA key."""

    modulus: int
    exponent: int

    @property
    def bits(self) -> int:
        """Length of the modulus."""
        return self.modulus.bit_length()

    @property
    def record(self) -> bytes:
        """The key record as DNS would have held it (RFC 6376 3.6.1)."""
        key = RSAPublicNumbers(self.exponent, self.modulus).public_key()
        written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(written)


def arithmetic() -> ModuleType:
    """Return gmpy2.

    Raises:
        NotInstalled: it is missing.
    """
    try:
        import gmpy2
    except ImportError as error:
        raise NotInstalled(
            "recovering keys needs the package gmpy2: install it, or tainted-leak-forensics[keys]"
        ) from error
    assert isinstance(gmpy2, ModuleType)
    return gmpy2


def recover(first: Signed, second: Signed) -> PublicKey | None:
    """Return the key under which two signatures of one length sign their digests; none where there is none.

    Raises:
        NotInstalled: gmpy2 is missing.
    """
    size = len(first.signature)
    if size != len(second.signature) or not LEAST_BYTES <= size <= MOST_BYTES or first.signature == second.signature:
        return None
    fast = arithmetic()
    pairs = [(fast.mpz(int.from_bytes(one.signature, "big")), _padded(one)) for one in (first, second)]
    for exponent in EXPONENTS:
        multiples = [signature**exponent - padded for signature, padded in pairs]
        modulus = _without_small_factors(int(fast.gcd(*multiples)), size)
        if (modulus.bit_length() + 7) // 8 == size:
            return PublicKey(modulus, exponent)
    return None


def _padded(signed: Signed) -> int:
    """Return the digest as it is padded before it is signed (EMSA-PKCS1-v1_5)."""
    info = _DIGEST_INFO[signed.hash_name] + signed.digest
    return int.from_bytes(b"\x00\x01" + b"\xff" * (len(signed.signature) - len(info) - 3) + b"\x00" + info, "big")


def _without_small_factors(number: int, size: int) -> int:
    """Divide a number by its prime factors below `_SMALL`; zero where its length says that it is no modulus."""
    if not size * 8 - 8 < number.bit_length() <= size * 8 + _COFACTOR_BITS:
        return 0
    while (shared := gcd(number, _product_of_small())) > 1:
        number //= shared
    return number


@cache
def _product_of_small() -> int:
    """Return the product of all primes below `_SMALL`."""
    sieve = bytearray([1]) * _SMALL
    for number in range(2, isqrt(_SMALL) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, _SMALL, number)))
    return prod([number for number in range(2, _SMALL) if sieve[number]])
