"""The private keys that documents print are those of the table."""

import hashlib
from base64 import b64decode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics.knowledge.published_keys import published_keys


def test_the_secret_key_of_rfc_8032_is_known() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    found = published_keys()[hashlib.sha256(der).hexdigest()]
    assert (found.domain, found.selector) == ("football.example.com", "brisbane")


def test_every_key_has_a_month_and_a_source() -> None:
    for key in published_keys().values():
        assert len(key.since) == 7 and key.source
