"""OpenPGP signatures: the stated bits of the digest without a key, the signature with one that came with the mail."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.authenticity import openpgp
from forensics.authenticity.openpgp_packets import PgpKey, unarmoured
from forensics.model.signed_parts import Issued, PartOutcome
from tests.signed_by_authors import ANNA, AT, PART, armoured, cleartext, fingerprint, pgp, pgp_key

KEYS = openpgp.keys_of_mail([pgp_key()], [])
BEN = "ben@example.net"
CHANGED = PART.replace(b"ten", b"two")


def test_a_signature_that_holds_says_who_signed_and_when() -> None:
    verdict = openpgp.verify(PART, pgp(PART), KEYS)
    assert verdict.outcome is PartOutcome.HOLDS
    assert verdict.form == "as_is"
    assert verdict.digest_name == "sha256"
    assert verdict.key == fingerprint().hex()
    assert verdict.signers == (ANNA,)
    assert verdict.issued is Issued.NOBODY
    assert verdict.time == int(AT.timestamp())
    assert verdict.valid_from == int(AT.timestamp()) - 1000


def test_without_a_key_the_stated_bits_of_the_digest_tell() -> None:
    verdict = openpgp.verify(PART, pgp(PART), ())
    assert (verdict.outcome, verdict.issued, verdict.key) == (PartOutcome.NO_KEY, None, fingerprint().hex())
    assert openpgp.verify(PART, pgp(PART), openpgp.keys_of_mail([pgp_key(BEN)], [])).outcome is PartOutcome.NO_KEY
    assert openpgp.verify(CHANGED, pgp(PART), ()).outcome is PartOutcome.ALTERED
    assert openpgp.verify(CHANGED, pgp(PART), KEYS).outcome is PartOutcome.ALTERED


def test_forms_in_which_it_may_have_been_signed() -> None:
    for changed, form in (
        (PART.replace(b"\r\n", b"\n"), "as_is"),
        (PART.replace(b"ten.", b"ten. \t"), "trailing_space"),
        (PART + b"\r\n", "line_end_removed"),
        (PART.removesuffix(b"\r\n"), "line_end_added"),
    ):
        verdict = openpgp.verify(changed, pgp(PART), KEYS)
        assert (verdict.outcome, verdict.form) == (PartOutcome.HOLDS, form), changed
    marked = openpgp.verify(b"\r\n>From here\r\n", pgp(b"\r\nFrom here\r\n"), KEYS)
    assert (marked.outcome, marked.form) == (PartOutcome.HOLDS, "from_unmarked")


def test_a_value_that_the_key_did_not_make() -> None:
    packets = bytearray(unarmoured(pgp(PART)))
    packets[-1] ^= 1
    assert openpgp.verify(PART, armoured(bytes(packets)), KEYS).outcome is PartOutcome.OTHER_KEY


def test_a_hash_or_a_method_that_is_not_known() -> None:
    packets = unarmoured(pgp(PART))
    unknown = packets.replace(b"\x04\x00\x01\x08", b"\x04\x00\x01\x63")
    verdict = openpgp.verify(PART, armoured(unknown), KEYS)
    assert (verdict.outcome, verdict.reason) == (PartOutcome.UNTESTED, "its hash is not known here")
    other = tuple(
        type(key)(**{name: getattr(key, name) for name in key.__struct_fields__} | {"algorithm": 99}) for key in KEYS
    )
    assert openpgp.verify(PART, pgp(PART), other).outcome is PartOutcome.UNTESTED


def test_what_is_no_signature() -> None:
    for raw in (b"", b"Hello", pgp_key(), b"\xc2\x05\x04\x00"):
        assert openpgp.verify(PART, raw, KEYS).outcome is PartOutcome.UNREADABLE, raw


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_verdict(raw: bytes) -> None:
    assert openpgp.verify(PART, raw, KEYS).outcome is not PartOutcome.HOLDS
    assert openpgp.verify(PART, b"\xc2\xff" + len(raw).to_bytes(4, "big") + raw, KEYS).outcome is not PartOutcome.HOLDS
    openpgp.keys_of_mail([raw, b"\xc6\xff" + len(raw).to_bytes(4, "big") + raw], [raw])


def test_a_text_signed_in_itself() -> None:
    text = b"First line\r\n\r\nFrom here to there"
    assert openpgp.verify_cleartext(cleartext(text), KEYS).outcome is PartOutcome.HOLDS
    spaced = cleartext(text).replace(b"line\r\n", b"line  \n")
    assert openpgp.verify_cleartext(spaced, KEYS).outcome is PartOutcome.HOLDS
    dashed = cleartext(text).replace(b"\r\nFrom here", b"\r\n- From here")
    assert openpgp.verify_cleartext(dashed, KEYS).outcome is PartOutcome.HOLDS
    assert openpgp.verify_cleartext(cleartext(text).replace(b"First", b"Last"), KEYS).outcome is PartOutcome.ALTERED
    assert openpgp.verify_cleartext(b"-----BEGIN PGP SIGNED MESSAGE-----", KEYS).outcome is PartOutcome.UNREADABLE


def test_keys_of_an_autocrypt_field() -> None:
    from base64 import b64encode

    field = b" addr=anna@example.org; keydata=\r\n " + b64encode(pgp_key()) + b"\r\n"
    assert openpgp.keys_of_mail([], [field, b" addr=ben@example.net"]) == KEYS
    assert openpgp.keys_of_mail([armoured(pgp_key(), "PUBLIC KEY BLOCK")], []) == KEYS


@pytest.mark.parametrize("suite", ["RSA2k", "Cv25519", "P256", "P384", "P521"])
def test_against_another_program(suite: str) -> None:
    sequoia: Any = pytest.importorskip("pysequoia")
    key = sequoia.Tsk.generate(user_id=f"Anna <{ANNA}>", cipher_suite=getattr(sequoia.CipherSuite, suite))
    signer = key.signer()
    signature = sequoia.sign(signer, PART, mode=sequoia.SignatureMode.DETACHED)
    keys = openpgp.keys_of_mail([bytes(key.extract_certificate())], [])
    verdict = openpgp.verify(PART, signature, keys)
    assert (verdict.outcome, verdict.signers) == (PartOutcome.HOLDS, (ANNA,)), verdict
    assert openpgp.verify(CHANGED, signature, keys).outcome is PartOutcome.ALTERED
    clear = sequoia.sign(signer, b"- one\n\nFrom here \n", mode=sequoia.SignatureMode.CLEAR)
    assert openpgp.verify_cleartext(clear, keys).outcome is PartOutcome.HOLDS


def test_a_signature_by_dsa() -> None:
    from cryptography.hazmat.primitives.asymmetric import dsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA1

    private = dsa.generate_private_key(1024)
    public = private.public_key().public_numbers()
    group = public.parameter_numbers
    material = b"".join([number(one) for one in (group.p, group.q, group.g, public.y)])
    key = PgpKey(fingerprint="ab" * 20, created=1, algorithm=17, material=material)
    trailer = b"\x00" + bytes(4)
    for name in ("sha1", "sha256"):
        digest = hashlib.new(name, PART + trailer).digest()
        pair = decode_dss_signature(private.sign(digest[:20], Prehashed(SHA1())))
        value = number(pair[0]) + number(pair[1])
        identifier = {"sha1": b"\x02", "sha256": b"\x08"}[name]
        body = b"\x03\x05" + trailer + bytes.fromhex("ab" * 8) + b"\x11" + identifier + digest[:2] + value
        packet = b"\xc2\xff" + len(body).to_bytes(4, "big") + body
        assert openpgp.verify(PART, packet, (key,)).outcome is PartOutcome.HOLDS, name
        assert openpgp.verify(CHANGED, packet, (key,)).outcome is PartOutcome.ALTERED


def number(value: int) -> bytes:
    return value.bit_length().to_bytes(2, "big") + value.to_bytes((value.bit_length() + 7) // 8, "big")
