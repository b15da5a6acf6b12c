"""Keys that mails carry, and signatures without a key that they open later."""

from base64 import b64encode

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from forensics.authenticity import certificates, openpgp, signed_parts
from forensics.authenticity.carried_keys import carried_keys
from forensics.examples.files import location
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.mail import Message
from forensics.model.signed_parts import PartOutcome, PartVerdict
from forensics.model.signer_keys import SignerKey, SignerKind
from forensics.parsers.mail import rfc5322
from tests.signed_by_authors import (
    ANNA,
    armoured,
    bare_smime_mail,
    certificate,
    fingerprint,
    header,
    pgp_key,
    pgp_mail,
    smime_mail,
)

BEN = "ben@example.net"


def message_of(data: bytes) -> Message:
    context = ParseContext(limits=Limits())
    return next(one for one in rfc5322.parse(MemoryBytes(data), location(), context) if isinstance(one, Message))


def carried(data: bytes) -> tuple[SignerKey, ...]:
    message = message_of(data)
    return carried_keys(message, MemoryBytes(data)) if message.may_carry_keys else ()


def verdict(data: bytes) -> PartVerdict:
    (part,) = signed_parts.tested(message_of(data), MemoryBytes(data))
    return part.verdict


def test_a_mail_without_any_is_not_looked_at() -> None:
    assert not message_of(header() + b"\r\nWe meet at ten.\r\n").may_carry_keys


def test_keys_of_an_autocrypt_field_and_of_attached_blocks_each_with_its_own_names() -> None:
    field = b"Autocrypt: addr=anna@example.org; keydata=" + b64encode(pgp_key()) + b"\r\n"
    (key,) = carried(field + header() + b"\r\nText\r\n")
    assert (key.kind, key.key, key.addresses) == (SignerKind.OPENPGP, fingerprint().hex(), (ANNA,))
    assert key.ids == (key.key, key.key[-16:])
    block = armoured(pgp_key() + pgp_key(BEN), "PUBLIC KEY BLOCK") + armoured(pgp_key(), "PUBLIC KEY BLOCK")
    attached = header() + b"Content-Type: application/pgp-keys\r\n\r\n" + block
    assert [key.addresses for key in carried(attached)] == [(ANNA,), (BEN,)]


def test_a_certificate_of_a_signature_but_not_its_issuers() -> None:
    (key,) = carried(smime_mail())
    assert (key.kind, key.addresses, key.issuer) == (SignerKind.SMIME, (ANNA,), "CN=Example Root")
    assert certificates.signer_key(certificate("Example Root", "Example Root").public_bytes(Encoding.DER)) is None


def test_a_broken_block_gives_nothing() -> None:
    assert carried(header() + b"Content-Type: application/pgp-keys\r\n\r\nnothing\r\n") == ()
    signature = b"--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nnone\r\n--s--\r\n"
    lead = b'Content-Type: multipart/signed; boundary="s"\r\n\r\n--s\r\n\r\nText\r\n'
    assert carried(header() + lead + signature) == ()


@pytest.mark.parametrize("damage", [False, True])
def test_an_openpgp_signature_is_opened_later(damage: bool) -> None:
    said = verdict(pgp_mail())
    assert said.outcome is PartOutcome.NO_KEY and said.ready is not None
    ready = said.ready
    if damage:
        ready = msgspec.structs.replace(ready, value=ready.value[:-1] + bytes([ready.value[-1] ^ 1]))
    (key,) = openpgp.keys_of_mail([pgp_key()], [])
    assert openpgp.holds(ready, said.digest_name, openpgp.signer_key(key).raw) is not damage


@pytest.mark.parametrize("damage", [False, True])
def test_a_cms_signature_is_opened_later(damage: bool) -> None:
    pytest.importorskip("pyhanko")
    said = verdict(bare_smime_mail())
    assert said.outcome is PartOutcome.NO_KEY and said.ready is not None
    encoded = certificate().public_bytes(Encoding.DER)
    key = certificates.signer_key(encoded)
    assert key is not None and said.key in key.ids and said.issuer == "Common Name: Example Root"
    ready = msgspec.structs.replace(said.ready, digests=(b"\0" * 32,)) if damage else said.ready
    assert certificates.holds(ready, said.digest_name, encoded) is not damage
    odd = msgspec.structs.replace(ready, digests=(b"\0",))
    assert certificates.holds(odd, said.digest_name, encoded) is None
