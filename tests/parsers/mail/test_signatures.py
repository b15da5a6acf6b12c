import hashlib
from base64 import b64encode

import pytest

from forensics.model.authentication import Signature
from forensics.model.facts import ABSENT
from forensics.model.items import Limits
from forensics.model.mail import HeaderField, MimePart
from forensics.parsers.mail.canonical import Canonical
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.signatures import KINDS, read
from forensics.parsers.mail.tag_lists import read_tags


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


def read_all(raw: bytes) -> dict[str, Signature]:
    """Signatures of a mail by kind and instance, each with all that the mail's own fields say."""
    root = root_of(raw)
    canonical = Canonical(raw, root)
    found = [read(field, read_tags(field.body), 0, canonical) for field in root.headers if field.key in KINDS]
    return {f"{one.kind}{one.instance or ''}": one for one in found}


def test_every_tag_of_a_signature() -> None:
    raw = (
        b"X-Google-DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=1e100.net; s=s; i=@b.example; q=dns/txt:x;\n"
        b" z=From:=20a@a.example|Subject:one=3D=7C=\n two; h=from:x:from:y; bh=AA==; b=AQ==; u=1; u=2;\n"
        b"From: a@a.example\nX: 1\nX: 2\n\none\n"
    )
    found = read_all(raw)["google"]
    assert (found.domain, found.auid, found.queries) == ("1e100.net", "@b.example", ("dns/txt", "x"))
    assert found.copied == ("From: a@a.example", "Subject:one=|=two")
    assert found.signed_fields == ("from", "x", "from", "y") and found.fields_present == (1, 2, 0)
    assert found.tags == ("v", "a", "c", "d", "s", "i", "q", "z", "h", "bh", "b", "u", "u")
    assert found.faults == ("repeated_tag",)
    assert (found.chain, found.arc_results, found.no_digest, found.no_body_hash) == ("", (), "", "")
    assert (found.body_size, found.surplus) == (len(b"one\r\n"), ABSENT)
    assert found.b.locator.path == "header:X-Google-DKIM-Signature[0]/b"


def chain_of(second: bytes, *, first: bytes = b"i=1; ") -> bytes:
    return (
        b"ARC-Seal: " + second + b"a=rsa-sha256; d=b.example; s=s; b=Ag==\n"
        b"ARC-Message-Signature: a=rsa-sha256; i=2; c=relaxed/relaxed; d=b.example; s=s; h=from; bh=AA==; b=BB==\n"
        b"ARC-Authentication-Results: i=2; b.example; none\n"
        b"ARC-Seal: cv=none; " + first + b"a=rsa-sha256; d=a.example; s=s; b=AQ==\n"
        b"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; bh=AA==; b=AA==\n"
        b"ARC-Authentication-Results: a.example; i=1; none\nARC-Authentication-Results: i=1; a.example\n\n"
    )


def test_the_number_of_a_set_may_stand_in_any_tag() -> None:
    found = read_all(chain_of(b"cv=pass; i=2; "))
    assert [(name, bool(one.header_digest), one.no_digest) for name, one in found.items()] == [
        ("as2", True, ""),
        ("ams2", True, ""),
        ("as1", True, ""),
        ("ams1", True, ""),
    ]
    assert {one.arc_results for one in found.values()} == {(2, 0, 1)}
    assert (found["as2"].chain, found["as1"].chain) == ("pass", "none")
    in_front = read_all(chain_of(b"i=2; cv=pass; ", first=b"i=1; "))
    assert in_front["as1"].header_digest == found["as1"].header_digest


def test_a_seal_that_fails_signs_its_own_set_alone() -> None:
    raw = chain_of(b"i=2; cv=fail; ", first=b"i=9; ")
    signed = (
        b"arc-authentication-results:i=2; b.example; none\r\n"
        b"arc-message-signature:a=rsa-sha256; i=2; c=relaxed/relaxed; d=b.example; s=s; h=from; bh=AA==; b=BB==\r\n"
        b"arc-seal:i=2; cv=fail; a=rsa-sha256; d=b.example; s=s; b="
    )
    found = read_all(raw)["as2"]
    assert (found.chain, found.header_digest) == ("fail", hashlib.sha256(signed).hexdigest())
    assert read_all(raw.replace(b"cv=fail", b"cv=pass"))["as2"].no_digest == "incomplete_set"


@pytest.mark.parametrize(
    ("tags", "no_digest", "no_body_hash", "size"),
    [
        (b"a=rsa-md5; h=from", "unknown_algorithm", "unknown_algorithm", None),
        (b"a=rsa-sha256; c=x/relaxed; h=from", "unknown_canonicalization", "", 5),
        (b"a=rsa-sha256; c=relaxed/x; h=from", "", "unknown_canonicalization", None),
        (b"a=rsa-sha256; l=6; h=from", "", "length_exceeds_body", 5),
        (b"a=rsa-sha256; l=5; h=from", "", "", 5),
    ],
)
def test_why_a_digest_is_absent(tags: bytes, no_digest: str, no_body_hash: str, size: int | None) -> None:
    raw = b"DKIM-Signature: v=1; d=a.example; s=s; bh=AA==; b=AA==; " + tags + b"\nFrom: a@a.example\n\none\n"
    found = read_all(raw)["dkim"]
    assert (found.no_digest, found.no_body_hash, found.body_size) == (no_digest, no_body_hash, size)
    assert (bool(found.header_digest), bool(found.body_hash)) == (not no_digest, not no_body_hash)
    root = root_of(raw)
    without = signature(root.headers[0], None)
    assert (without.no_digest, without.no_body_hash, without.fields_present) == ("over_limit", "over_limit", ())
    in_part = signature(root.headers[0], Canonical(raw, root, whole=False))
    assert no_body_hash.startswith("unknown") or in_part.no_body_hash == "read_in_part"


def test_a_seal_covers_no_body_and_a_set_has_a_number() -> None:
    found = read_all(b"ARC-Seal: i=51; cv=none; a=rsa-sha256; d=a.example; s=s; b=AQ==\n\n")["as51"]
    assert (found.no_digest, found.no_body_hash) == ("malformed_instance", "not_signed")


def test_what_lies_beyond_the_signed_length_is_quoted_at_its_place() -> None:
    body = b"one  two \n\n>From here\nthree\n"
    for mode, hashed, rest in (
        (b"relaxed", b"one two\r\n\r\n", b">From here\nthree\n"),
        (b"simple", b"one  two \r\n\r\n", b">From here\nthree\n"),
        (b"relaxed", b"one two\r\n\r\nFrom he", b"re\nthree\n"),
    ):
        extra = b"l=%d; " % len(hashed)
        raw = signed(body, hashed, extra=extra).replace(b"relaxed/relaxed", b"relaxed/" + mode)
        found = read_all(raw)["dkim"]
        assert found.body_hash == found.body_hash_stated
        assert found.surplus.raw == rest and found.surplus.value.encode() == rest
        assert found.surplus.locator.ranges == ((len(raw) - len(rest), len(raw)),)
        assert found.body_size is not None and found.body_size > len(hashed) == found.body_length
