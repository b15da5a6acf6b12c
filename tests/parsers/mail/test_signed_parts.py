"""What of a mail is signed or encrypted: its bytes, and what a reader sees beside it."""

import time
from base64 import encodebytes

import pytest

from forensics.model.items import Limits
from forensics.model.signed_parts import PartOutcome, SignedKind, SignedPart
from forensics.parsers.mail import headers, mime
from forensics.parsers.mail.signed_parts import MAX_BLOCKS, MAX_OUTSIDE, MAX_PARTS, read_signed_parts

HEADER = b"From: anna@example.org\r\nDate: Mon, 6 Mar 2017 10:00:00 +0000\r\n"
INNER = b"Content-Type: text/plain\r\n\r\nWe meet at ten.\r\n"
SIGNED = (
    b'Content-Type: multipart/signed; boundary=s; micalg=PGP-SHA256;\r\n protocol="application/pgp-signature"\r\n\r\n'
    b"--s\r\n" + INNER + b"\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n"
    b"-----BEGIN PGP SIGNATURE-----\r\n\r\nwsB=\r\n-----END PGP SIGNATURE-----\r\n--s--\r\n"
)
CLEAR = (
    b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nTen.\r\n> -----BEGIN PGP SIGNATURE-----\r\n"
    b"-----BEGIN PGP SIGNATURE-----\r\n\r\nwsB=\r\n-----END PGP SIGNATURE-----"
)
SECRET = b"-----BEGIN PGP MESSAGE-----\r\n\r\nwsB=\r\n-----END PGP MESSAGE-----"
SIGNED_DATA = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + b"x" * 300
ENVELOPED = SIGNED_DATA.replace(b"\x01\x07\x02", b"\x01\x07\x03")


def read(content: bytes) -> tuple[bytes, tuple[SignedPart, ...]]:
    data = HEADER + content
    reader = mime.Reader(data, headers.line_end(data), Limits())
    root = reader.message(len(data))
    return data, read_signed_parts(root, tuple(root.leaves()), data, reader.leaves.decoded)


def one(content: bytes) -> tuple[bytes, SignedPart]:
    data, parts = read(content)
    (part,) = parts
    return data, part


def mixed(*parts: bytes) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + b"\r\n--m\r\n".join(parts) + b"\r\n--m--\r\n"


def text(content: bytes) -> bytes:
    return b"Content-Type: text/plain\r\n\r\n" + content


def pkcs7(content: bytes, claims: bytes = b"") -> bytes:
    lead = b"Content-Type: application/pkcs7-mime" + claims + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return lead + encodebytes(content).replace(b"\n", b"\r\n")


def test_a_mail_that_is_signed_whole() -> None:
    data, part = one(SIGNED)
    assert part.kind is SignedKind.PGP_MIME
    assert (part.number, part.depth, part.outside) == ("", 0, ())
    assert (part.protocol, part.micalg) == ("application/pgp-signature", "pgp-sha256")
    assert data[slice(*part.signed.ranges[0])] == INNER
    assert part.signed.path == "part:1"
    assert data[slice(*part.signature.ranges[0])].startswith(b"-----BEGIN PGP SIGNATURE-----")
    assert part.signature.path == "part:2"
    assert part.opening.raw == b"-----BEGIN PGP SIGNATURE-----"
    assert data[slice(*part.opening.locator.ranges[0])] == part.opening.raw
    assert part.verdict.outcome is PartOutcome.UNTESTED


@pytest.mark.parametrize("kind", [b"pkcs7-signature", b"x-pkcs7-signature"])
def test_a_signature_of_cms(kind: bytes) -> None:
    _, part = one(SIGNED.replace(b"pgp-signature", kind))
    assert part.kind is SignedKind.SMIME


def test_a_part_that_is_signed_in_a_mail_with_more() -> None:
    data, part = one(mixed(SIGNED, text(b"-- \r\nThe list\r\n")))
    assert (part.number, part.depth, part.outside) == ("1", 1, ("2",))
    assert data[slice(*part.signed.ranges[0])] == INNER
    _, part = one(mixed(text(b"Read this:\r\n"), SIGNED, text(b" \r\n")))
    assert (part.number, part.outside) == ("2", ("1",))


def test_what_a_list_puts_behind_the_signature_is_not_signed() -> None:
    _, part = one(SIGNED.replace(b"--s--\r\n", b"--s\r\nContent-Type: text/plain\r\n\r\nThe list\r\n--s--\r\n"))
    assert part.outside == ("3",)


def test_a_text_that_is_signed_in_itself() -> None:
    data, part = one(text(CLEAR + b"\r\n"))
    assert part.kind is SignedKind.PGP_INLINE
    assert (part.number, part.depth, part.outside) == ("", 0, ())
    start, end = part.signed.ranges[0][0], part.signature.ranges[0][1]
    assert data[start:end] == CLEAR
    assert part.signed.ranges[0][1] == part.signature.ranges[0][0]
    assert data[slice(*part.signature.ranges[0])].startswith(b"-----BEGIN PGP SIGNATURE-----\r\n\r\n")


def test_text_around_a_signed_one_is_not_signed() -> None:
    assert one(text(b"Before\r\n" + CLEAR))[1].outside == ("1",)
    assert one(text(CLEAR + b"\r\nAfter\r\n"))[1].outside == ("1",)
    assert one(mixed(text(CLEAR), text(b"After\r\n")))[1].outside == ("2",)


def test_an_encoded_text_is_signed_at_the_place_of_all_of_it() -> None:
    coded = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(CLEAR)
    data, part = one(coded)
    assert part.kind is SignedKind.PGP_INLINE
    assert part.decoder == "base64/2"
    assert part.signed.ranges == part.signature.ranges == ((len(data) - len(encodebytes(CLEAR)), len(data)),)


def test_quoted_and_broken_blocks_are_none() -> None:
    for content in (
        b"> " + CLEAR.replace(b"\n", b"\n> "),
        CLEAR[:-10],
        CLEAR.replace(b"\n-----BEGIN", b"\n> -----BEGIN"),
    ):
        assert read(text(content))[1] == (), content


def test_only_so_many_parts_and_texts_beside_them_are_named() -> None:
    parts = read(mixed(*[SIGNED.replace(b"=s;", b"=s%d;" % n).replace(b"--s", b"--s%d" % n) for n in range(150)]))[1]
    assert len(parts) == MAX_PARTS
    assert {len(part.outside) for part in parts} == {MAX_OUTSIDE}


def test_only_so_many_blocks_are_read() -> None:
    assert len(read(text((CLEAR + b"\r\n") * (MAX_BLOCKS + 5)))[1]) == MAX_BLOCKS


@pytest.mark.parametrize("end", [b"", b"\r\n-----END PGP SIGNATURE-----"])
def test_beginnings_without_an_end_are_searched_once(end: bytes) -> None:
    many = b"-----BEGIN PGP SIGNED MESSAGE-----\r\n" * 60_000 + end
    before = time.process_time()
    assert read(text(many))[1] == ()
    assert time.process_time() - before < 5


def test_what_is_encrypted_is_named() -> None:
    encrypted = (
        b'Content-Type: multipart/encrypted; boundary=e; protocol="application/pgp-encrypted"\r\n\r\n--e\r\n'
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\n"
        b"Content-Type: application/octet-stream\r\n\r\n" + SECRET + b"\r\n--e--\r\n"
    )
    for content, kind in (
        (encrypted, SignedKind.PGP_ENCRYPTED),
        (text(SECRET), SignedKind.PGP_ENCRYPTED),
        (pkcs7(ENVELOPED), SignedKind.SMIME_ENCRYPTED),
    ):
        part = one(content)[1]
        assert (part.kind, part.outside, part.signature.ranges) == (kind, (), ())
        assert one(mixed(text(b"Shown\r\n"), content))[1].outside == ("1",)


def test_cms_that_holds_what_it_signs_is_known_by_its_own_type() -> None:
    data, part = one(pkcs7(SIGNED_DATA, b"; smime-type=enveloped-data"))
    assert part.kind is SignedKind.SMIME_OPAQUE
    assert part.decoder == "base64/2"
    assert part.signed == part.signature
    assert data[slice(*part.signed.ranges[0])] == encodebytes(SIGNED_DATA).replace(b"\n", b"\r\n")


def test_a_mail_without_a_signature_has_none() -> None:
    for content in (text(b"Ten.\r\n"), mixed(text(b"Ten.\r\n"), b"Content-Type: image/png\r\n\r\nx"), b"\r\n"):
        assert read(content)[1] == ()
    assert read(SIGNED.replace(b"Content-Type: application/pgp-signature", b"Content-Type: text/plain"))[1] == ()
