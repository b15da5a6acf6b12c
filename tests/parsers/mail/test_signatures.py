import hashlib
import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.authentication import Signature
from forensics.model.items import Limits
from forensics.model.mail import HeaderField, MimePart
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.signatures import Canonical, _joined, canonical_body, read
from forensics.parsers.mail.tag_lists import read_tags


@pytest.mark.parametrize(
    ("body", "relaxed", "simple"),
    [
        (b"", b"", b"\r\n"),
        (b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n", b" C \r\nD \t E\r\n"),
        (b"a\n b", b"a\r\n b\r\n", b"a\r\n b\r\n"),
        (b"     a     b   c \t \n\n", b" a b c\r\n", b"     a     b   c \t \r\n"),
        (b"   ", b"", b"   \r\n"),
    ],
)
def test_canonical_body_of_rfc_6376(body: bytes, relaxed: bytes, simple: bytes) -> None:
    assert canonical_body(body, True) == relaxed
    assert canonical_body(body, False) == simple


def root_of(raw: bytes) -> MimePart:
    return Reader(raw, b"\n", Limits()).message(len(raw))


def signature(field: HeaderField, canonical: Canonical | None) -> Signature:
    return read(field, read_tags(field.body), 0, canonical)


def test_dkim_digests() -> None:
    stated = b64encode(hashlib.sha256(b"Hi you\r\n").digest())
    raw = (
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=A.example; s=sel;\n\tt=1500000000; x=1500086400; "
        b"h=From:Subject:From; bh=" + stated + b";\n\tb=AQID\n\tBA==\n"
        b"Subject:  one\n\ttwo \nFrom: a@a.example\n\nHi  you \n\n"
    )
    root = root_of(raw)
    found = signature(root.headers[0], Canonical(raw, root))
    signed = (
        b"from:a@a.example\r\nsubject:one two\r\ndkim-signature:v=1; a=rsa-sha256; c=relaxed/relaxed; d=A.example; "
        b"s=sel; t=1500000000; x=1500086400; h=From:Subject:From; bh=" + stated + b"; b="
    )
    assert (found.kind, found.domain, found.selector, found.instance) == ("dkim", "a.example", "sel", None)
    assert (found.time, found.expiration, found.body_length) == (1500000000, 1500086400, None)
    assert found.signed_fields == ("from", "subject", "from")
    assert found.signature == b"\1\2\3\4"
    assert found.header_digest == hashlib.sha256(signed).hexdigest()
    assert found.body_hash == found.body_hash_stated == hashlib.sha256(b"Hi you\r\n").hexdigest()


def test_simple_form_keeps_the_field_and_repeats_go_upwards() -> None:
    raw = b"DKIM-Signature: a=rsa-sha1; h=X:x:x; l=2; b=AA==\nX: 1\nX:  2\n\nabc\n"
    root = root_of(raw)
    found = signature(root.headers[0], Canonical(raw, root))
    signed = b"X:  2\r\nX: 1\r\nDKIM-Signature: a=rsa-sha1; h=X:x:x; l=2; b="
    assert found.header_digest == hashlib.sha1(signed).hexdigest()
    assert found.body_hash == hashlib.sha1(b"ab").hexdigest()


def test_seal_signs_all_sets_in_order() -> None:
    raw = (
        b"ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=b.example; s=s; b=Ag==\n"
        b"ARC-Message-Signature: i=2; a=rsa-sha256; h=from; b=BB==\nARC-Authentication-Results: i=2; b.example\n"
        b"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=AQ==\n"
        b"ARC-Message-Signature: i=1; a=rsa-sha256; h=from; b=AA==\nARC-Authentication-Results: i=1; a.example\n\n"
    )
    root = root_of(raw)
    found = signature(root.headers[0], Canonical(raw, root))
    signed = (
        b"arc-authentication-results:i=1; a.example\r\narc-message-signature:i=1; a=rsa-sha256; h=from; b=AA==\r\n"
        b"arc-seal:i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=AQ==\r\n"
        b"arc-authentication-results:i=2; b.example\r\narc-message-signature:i=2; a=rsa-sha256; h=from; b=BB==\r\n"
        b"arc-seal:i=2; a=rsa-sha256; cv=pass; d=b.example; s=s; b="
    )
    assert (found.kind, found.instance, found.header_digest) == ("as", 2, hashlib.sha256(signed).hexdigest())


def test_what_cannot_be_computed_is_empty() -> None:
    raw = b"ARC-Seal: i=3; a=rsa-sha256; b=AQ==\nDKIM-Signature: a=none; l=99; b=%%\n\n"
    root = root_of(raw)
    canonical = Canonical(raw, root)
    assert [signature(field, canonical).header_digest for field in root.headers] == ["", ""]
    assert signature(root.headers[1], None).body_hash == ""


def test_a_name_signed_twice_takes_the_field_above_and_then_none() -> None:
    data = b"X: 1\nY: 2\nX: 3\nDKIM-Signature: b=\n\n"
    canonical = Canonical(data, root_of(data))
    block = canonical.signed_block(b"dkim-signature:b=", ("x", "z", "x", "x", "y", "y"), True)
    assert block == b"x:3\r\nx:1\r\ny:2\r\ndkim-signature:b="


@given(st.lists(st.sampled_from([b" ", b"\t", b"\n", b"\r\n", b"\v", b"\f", b"a", b"=", b";"]), max_size=30))
def test_runs_of_white_space_become_one(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    expected = re.sub(rb"[ \t\r\n]+", b" ", raw).strip(b" ")
    assert _joined(raw, b" ") == expected


def signed(body: bytes, hashed: bytes, tag: bytes = b"bh", extra: bytes = b"") -> bytes:
    stated = b64encode(hashlib.sha256(hashed).digest())
    head = b"DKIM-Signature: a=rsa-sha256; c=relaxed/relaxed; d=a.example; " + extra
    return head + b"b=xbh=\n bh=;\n\t" + tag + b" =\n " + stated + b"\nFrom: a@a.example\n\n" + body


def test_the_stated_hash_is_quoted_at_its_place() -> None:
    raw = signed(b"one\n", b"one\r\n")
    root = root_of(raw)
    found = signature(root.headers[0], Canonical(raw, root))
    start = raw.rindex(found.bh.raw)
    assert found.bh.locator.ranges == ((start, start + len(found.bh.raw)),) and found.bh.raw.endswith(b"=")
    assert found.bh.locator.path == "header:DKIM-Signature[0]/bh"
    assert b64encode(bytes.fromhex(found.body_hash_stated)) == found.bh.raw == found.bh.value.encode()
    assert found.body_hash == found.body_hash_stated


def test_a_mailboxs_mark_before_from_is_no_change_of_the_body() -> None:
    hashed = b"one\r\nFrom here\r\n>From there\r\n"
    for body, holds in (
        (b"one\n>From here\n>>From there\n", True),
        (b"one\r\n>From here\r\n>>From there\r\n", True),
        (b"two\n>From here\n>>From there\n", False),
    ):
        raw = signed(body, hashed)
        root = root_of(raw)
        found = signature(root.headers[0], Canonical(raw, root))
        assert (found.body_hash == found.body_hash_stated) is holds
        assert found.body_hash


def test_a_body_that_was_read_in_part_has_no_digest() -> None:
    raw = signed(b"one\n", b"one\r\n")
    root = root_of(raw)
    found = signature(root.headers[0], Canonical(raw, root, whole=False))
    assert (found.body_hash, bool(found.header_digest), bool(found.body_hash_stated)) == ("", True, True)
