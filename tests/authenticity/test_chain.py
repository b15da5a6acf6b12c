"""ARC chains of mails that are sealed here, with a key made once; RFC 8617 5.2 says what a verifier concludes."""

import hashlib
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics.authenticity.chain import Chain, judge_chain
from forensics.authenticity.judging import Keys, judge, of_body
from forensics.authenticity.key_records import read_record
from forensics.model.items import MemoryBytes, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.rows.signatures import row_of
from forensics.parsers.mail import rfc5322

MAIL = b"From: a@a.example\r\nSubject: one\r\n\r\nText\r\n"


@pytest.fixture(scope="module")
def private() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def keys_of(private: RSAPrivateKey, tags: bytes = b"") -> Keys:
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {("a.example", "s"): [("key", read_record(tags + b"p=" + b64encode(der)))]}


def message_of(raw: bytes) -> Message:
    found = rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext())
    return next(one for one in found if isinstance(one, Message))


def put_on(private: RSAPrivateKey, raw: bytes, field: bytes) -> bytes:
    """Put a field on top of a mail whose ``b=`` is empty, and sign what the reader says that it signs."""
    read = message_of(field + b"\r\n" + raw).signatures[0]
    written = private.sign(bytes.fromhex(read.header_digest), PKCS1v15(), Prehashed(SHA256()))
    return field + b64encode(written) + b"\r\n" + raw


def sealed(private: RSAPrivateKey, raw: bytes, number: int, chain: bytes, extra: bytes = b"") -> bytes:
    hashed = b64encode(hashlib.sha256(raw.partition(b"\r\n\r\n")[2]).digest())
    head = b" i=%d; a=rsa-sha256; d=a.example; s=s; " % number
    raw = b"ARC-Authentication-Results: i=%d; a.example; none\r\n" % number + raw
    raw = put_on(private, raw, b"ARC-Message-Signature:" + head + b"c=relaxed/relaxed; h=from; bh=" + hashed + b"; b=")
    return put_on(private, raw, b"ARC-Seal:" + head + extra + b"cv=" + chain + b"; b=")


def said(raw: bytes, keys: Keys) -> tuple[str, str, int, int | None]:
    chain: Chain = judge_chain(message_of(raw).signatures, keys)
    return chain.outcome, chain.reason, chain.instance, chain.oldest_pass


def test_a_chain_of_two_sets_holds(private: RSAPrivateKey) -> None:
    keys = keys_of(private)
    first = sealed(private, MAIL, 1, b"none")
    raw = sealed(private, first, 2, b"pass")
    assert said(MAIL, keys) == ("none", "", 0, None)
    assert said(first, keys) == ("pass", "", 0, 0)
    assert said(raw, keys) == ("pass", "", 0, 0)
    links = judge_chain(message_of(raw).signatures, keys).links
    assert [(one.kind, one.instance, one.index, one.key) for one in links] == [
        ("ams", 2, 0, "key"),
        ("as", 2, 0, "key"),
        ("ams", 1, 1, "key"),
        ("as", 1, 1, "key"),
    ]
    rows = [row_of("0" * 64, one) for one in message_of(raw).signatures]
    assert judge_chain(rows, keys) == judge_chain(message_of(raw).signatures, keys)


def test_why_a_chain_fails(private: RSAPrivateKey) -> None:
    keys = keys_of(private)
    first = sealed(private, MAIL, 1, b"none")
    raw = sealed(private, first, 2, b"pass")
    assert said(raw.replace(b"Text", b"Else"), keys) == ("fail", "body_altered", 2, None)
    assert said(raw.replace(b"From: a@", b"From: b@"), keys) == ("fail", "header_altered", 2, None)
    altered = sealed(private, first.replace(b"Text", b"Else"), 2, b"pass")
    assert said(altered, keys) == ("pass", "", 0, 2), "seals cover no body, and of the signatures the newest counts"
    assert said(sealed(private, first, 2, b"fail"), keys) == ("fail", "claimed_fail", 2, 0)
    assert said(sealed(private, MAIL, 1, b"pass"), keys) == ("fail", "wrong_claim", 1, 0)
    assert said(sealed(private, first, 3, b"fail").replace(b"cv=fail", b"cv=pass"), keys)[:3] == (
        "fail",
        "incomplete_set",
        2,
    )
    again = b"ARC-Authentication-Results: i=1; b.example\r\n" + first
    assert said(again, keys)[:3] == ("fail", "repeated_field", 1)
    assert said(sealed(private, MAIL, 1, b"none", b"h=from; "), keys) == ("fail", "malformed", 1, 0)
    high = first.replace(b" i=1;", b" i=51;")
    assert said(high, keys)[:3] == ("fail", "too_many_sets", 51)


def test_what_only_the_key_is_lacking_for_shows_no_change(private: RSAPrivateKey) -> None:
    raw = sealed(private, MAIL, 1, b"none")
    other = generate_private_key(65537, 2048)
    assert said(raw, {}) == ("fail", "no_key", 1, None)
    assert said(raw, keys_of(other)) == ("fail", "other_key", 1, None)
    assert said(raw, keys_of(private, b"h=sha1; ")) == ("fail", "refused_key", 1, None)


def test_one_signature_is_judged_by_the_keys_of_its_selector(private: RSAPrivateKey) -> None:
    raw = sealed(private, MAIL, 1, b"none")
    seal, signature = message_of(raw).signatures
    judged = judge(signature, keys_of(private))
    assert judged is not None
    assert (judged.key, judged.opened.outcome, judged.body, judged.limits) == ("key", "holds", "holds", ())
    assert judge(signature, {}) is None
    assert of_body(seal) == "untested"
    longer = MAIL + b"more\r\n"
    field = b"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; l=6; h=subject; bh="
    field += b64encode(hashlib.sha256(b"Text\r\n").digest()) + b"; b="
    judged = judge(message_of(put_on(private, longer, field)).signatures[0], keys_of(private))
    assert judged is not None and (judged.body, judged.limits) == ("surplus", ("from_unsigned", "length"))
