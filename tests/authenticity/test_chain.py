"""ARC chains of mails that are sealed here, with a key made once; RFC 8617 5.2 says what a verifier concludes."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics.authenticity.chain import Chain, judge_chain
from forensics.authenticity.judging import Keys, Signed, judge, of_body
from forensics.authenticity.key_records import read_record
from forensics.model.rows.signatures import row_of
from tests.sealed_mails import message_of, put_on, sealed

MAIL = b"From: a@a.example\r\nSubject: one\r\n\r\nText\r\n"


@pytest.fixture(scope="module")
def private() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def keys_of(private: RSAPrivateKey, tags: bytes = b"") -> Keys:
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {("a.example", "s"): [("key", read_record(tags + b"p=" + b64encode(der)))]}


def judged_chain(signatures: Iterable[Signed], keys: Keys) -> Chain:
    return judge_chain([(one, judge(one, keys)) for one in signatures])


def said(raw: bytes, keys: Keys) -> tuple[str, str, int, int | None]:
    chain = judged_chain(message_of(raw).signatures, keys)
    return chain.outcome, chain.reason, chain.instance, chain.oldest_pass


def test_a_chain_of_two_sets_holds(private: RSAPrivateKey) -> None:
    keys = keys_of(private)
    first = sealed(private, MAIL, 1, b"none")
    raw = sealed(private, first, 2, b"pass")
    assert said(MAIL, keys) == ("none", "", 0, None)
    assert said(first, keys) == ("pass", "", 0, 0)
    assert said(raw, keys) == ("pass", "", 0, 0)
    links = judged_chain(message_of(raw).signatures, keys).links
    assert [(one.kind, one.instance, one.index, one.key) for one in links] == [
        ("ams", 2, 0, "key"),
        ("as", 2, 0, "key"),
        ("ams", 1, 1, "key"),
        ("as", 1, 1, "key"),
    ]
    rows = [row_of("0" * 64, one) for one in message_of(raw).signatures]
    assert judged_chain(rows, keys) == judged_chain(message_of(raw).signatures, keys)


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


def test_what_shows_a_change_is_said_before_what_lacks_a_key(private: RSAPrivateKey) -> None:
    keys = keys_of(private)
    raw = sealed(private, MAIL, 1, b"none").replace(b"Text", b"Else")
    assert said(raw, {}) == ("fail", "body_altered", 1, None), "its stated hash needs no key"
    raw = sealed(private, sealed(private, MAIL, 1, b"none"), 2, b"pass").replace(b"d=a.example", b"d=b.example", 2)
    assert said(raw, keys)[:3] == ("fail", "no_key", 2)
    raw = raw.replace(b"=1; a.example; none", b"=1; b.example; none")
    assert said(raw, keys)[:3] == ("fail", "header_altered", 1)


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
