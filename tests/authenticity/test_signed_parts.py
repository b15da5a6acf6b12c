"""Signed parts of whole mails, tested with what the mail itself carries."""

from base64 import b64encode

import msgspec
import pytest

from forensics.authenticity import signed_parts
from forensics.errors import NotInstalled
from forensics.examples.files import location
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.mail import Message
from forensics.model.signed_parts import PartOutcome, PartVerdict, SignedKind, SignedPart
from forensics.parsers.mail import rfc5322
from tests.signed_by_authors import ANNA, PART, armoured, cleartext, cms, header, pgp_key, pgp_mail, smime_mail


def message_of(data: bytes) -> Message:
    source = MemoryBytes(data)
    context = ParseContext(limits=Limits())
    return next(one for one in rfc5322.parse(source, location(), context) if isinstance(one, Message))


def only_part(data: bytes) -> SignedPart:
    (part,) = signed_parts.tested(message_of(data), MemoryBytes(data))
    return part


def test_smime() -> None:
    pytest.importorskip("pyhanko")
    mail = smime_mail()
    assert only_part(mail).verdict.outcome is PartOutcome.HOLDS
    assert only_part(mail.replace(b"\r\n", b"\n")).verdict.outcome is PartOutcome.HOLDS
    assert only_part(mail.replace(b"at ten", b"at two")).verdict.outcome is PartOutcome.ALTERED
    assert only_part(mail.replace(b"Subject: Ten", b"Subject: Two")).verdict.outcome is PartOutcome.HOLDS


def test_smime_that_holds_its_content() -> None:
    pytest.importorskip("pyhanko")
    lead = header() + b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    part = only_part(lead + b64encode(cms(PART, inside=True)))
    assert (part.kind, part.verdict.outcome) == (SignedKind.SMIME_OPAQUE, PartOutcome.HOLDS)


def test_pgp_without_a_key() -> None:
    assert only_part(pgp_mail()).verdict.outcome is PartOutcome.NO_KEY
    assert only_part(pgp_mail().replace(b"at ten", b"at two")).verdict.outcome is PartOutcome.ALTERED


def test_pgp_with_the_key_that_the_mail_carries() -> None:
    field = b"Autocrypt: addr=anna@example.org; keydata=" + b64encode(pgp_key()) + b"\r\n"
    part = only_part(field + pgp_mail())
    assert (part.verdict.outcome, part.verdict.signers) == (PartOutcome.HOLDS, (ANNA,))
    key = b"Content-Type: application/pgp-keys\r\n\r\n" + armoured(pgp_key(), "PUBLIC KEY BLOCK")
    lead = header() + b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
    signed = pgp_mail().removeprefix(header())
    attached = lead + signed + b"\r\n--m\r\n" + key + b"\r\n--m--\r\n"
    assert only_part(attached).verdict.outcome is PartOutcome.HOLDS


@pytest.mark.parametrize("encoded", [False, True])
def test_pgp_in_the_text(encoded: bool) -> None:
    text = cleartext(b"We meet\r\nat ten.")
    coding = b"Content-Transfer-Encoding: base64\r\n" if encoded else b""
    for content, outcome in ((text, PartOutcome.NO_KEY), (text.replace(b"ten", b"two"), PartOutcome.ALTERED)):
        body = b64encode(content) if encoded else content
        assert only_part(header() + coding + b"\r\n" + body).verdict.outcome is outcome


def test_what_is_encrypted_is_not_read() -> None:
    mail = header() + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nwsB=\r\n-----END PGP MESSAGE-----\r\n"
    assert only_part(mail).verdict == PartVerdict(outcome=PartOutcome.ENCRYPTED)


def test_a_mail_that_is_not_at_hand_or_breaks_off_is_not_tested() -> None:
    message = message_of(pgp_mail())
    (part,) = signed_parts.tested(message, None)
    assert (part.verdict.outcome, part.verdict.reason) == (PartOutcome.UNTESTED, "not all of the mail is at hand")
    cut = pgp_mail().replace(b"--s--", b"")
    assert only_part(cut).verdict.outcome is PartOutcome.UNTESTED


def test_what_is_too_large_for_memory_is_not_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_parts, "MAX_BYTES", 10)
    verdict = only_part(pgp_mail()).verdict
    assert (verdict.outcome, verdict.reason) == (PartOutcome.UNTESTED, "too large to be tested in memory")


def test_only_so_many_parts_are_tested() -> None:
    data = pgp_mail()
    message = message_of(data)
    many = msgspec.structs.replace(message, signed_parts=message.signed_parts * (signed_parts.MAX_TESTED + 1))
    outcomes = [part.verdict.outcome for part in signed_parts.tested(many, MemoryBytes(data))]
    assert outcomes == [PartOutcome.NO_KEY] * signed_parts.MAX_TESTED + [PartOutcome.UNTESTED]


def test_a_missing_library_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> PartVerdict:
        raise NotInstalled("install it")

    monkeypatch.setattr("forensics.authenticity.smime.verify", missing)
    verdict = signed_parts.tested(message_of(pgp_smime()), MemoryBytes(pgp_smime()))[0].verdict
    assert (verdict.outcome, verdict.reason) == (PartOutcome.UNTESTED, "install it")


def pgp_smime() -> bytes:
    """A mail that claims to be signed with S/MIME; its signature is read by nobody here."""
    return pgp_mail().replace(b"application/pgp-signature", b"application/pkcs7-signature")
