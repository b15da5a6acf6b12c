"""What no parser takes: text and signatures are no loss, whatever looks like mail or promises a document is."""

import pytest

from forensics.knowledge.unread import remedy
from forensics.model.items import Status
from forensics.parsers.unparsed import unparsed

MAIL = b"Dear all,\n\nFrom: Ann <ann@corp.example>\nSent: Monday\nTo: Bob\nSubject: plan\n\nsee below\n"
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\niQEzBAABCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"
PKCS7 = b"\x30\x82\x05\x00" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x82\x04\xf1" + bytes(200)
DATABASE = b"SQLite format 3\0" + bytes(range(200))


@pytest.mark.parametrize(
    ("head", "name", "status", "code"),
    [
        (b"just a note\n", b"notes.txt", Status.SKIPPED, "engine.text"),
        (b"just a note\n", b"", Status.SKIPPED, "engine.text"),
        (b'{"a": 1}\n', b"a.json", Status.SKIPPED, "engine.text"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", b"fix.patch", Status.SKIPPED, "engine.text"),
        (SIGNATURE, b"signature.asc", Status.SKIPPED, "engine.signature"),
        (PKCS7, b"smime.p7s", Status.SKIPPED, "engine.signature"),
        (b"just a note\n", b"notes.EML", Status.UNREAD, "engine.mail_unread"),
        (b"just a note\n", b"inbox.mbox", Status.UNREAD, "engine.mail_unread"),
        (b"just a note\n", b"memo.msg", Status.UNREAD, "engine.mail_unread"),
        (MAIL, b"printed.txt", Status.UNREAD, "engine.mail_unread"),
        (MAIL.replace(b"\n", b"\r\n"), b"", Status.UNREAD, "engine.mail_unread"),
        (MAIL.decode().encode("utf-16"), b"printed.txt", Status.UNREAD, "engine.mail_unread"),
        (b"From: a\nTo: b\nhello\n", b"letter.txt", Status.UNREAD, "engine.mail_unread"),
        (b"hello\nFrom: a\nTo: b\n", b"letter.txt", Status.SKIPPED, "engine.text"),
        (b"just a note\n", b"contract.pdf", Status.UNREAD, "engine.no_parser"),
        (DATABASE, b"kept.sqlite", Status.UNREAD, "engine.no_parser"),
        (b"\x00\x01\x02\x03" * 9, b"", Status.UNREAD, "engine.no_parser"),
    ],
)
def test_a_loss_is_told_from_what_holds_nothing(head: bytes, name: bytes, status: Status, code: str) -> None:
    _, found, notice = unparsed(head, name, len(head))
    assert (found, notice.code, notice.unread) == (status, code, len(head))


def test_a_report_of_a_delivery_is_a_loss() -> None:
    report = b"Reporting-MTA: dns; mx.example\nArrival-Date: Mon, 4 Jan 2016 10:00:00 +0000\n"
    assert unparsed(report, b"", 9, "message/delivery-status")[1] is Status.UNREAD
    assert unparsed(report, b"", 9, "text/plain")[1] is Status.SKIPPED


@pytest.mark.parametrize(
    ("media_type", "extension_type", "what"),
    [
        (unparsed(DATABASE, b"", 9)[0], "", "database"),
        ("application/CDFV2", "application/vnd.ms-outlook", "outlook_message"),
        ("application/CDFV2", "", "office"),
        ("image/png", "application/vnd.ms-outlook", "picture"),
        ("application/x-rar", "application/zip", "packed"),
        ("", "", "other"),
    ],
)
def test_what_can_be_done_depends_on_the_content_first(media_type: str, extension_type: str, what: str) -> None:
    assert remedy(media_type, extension_type) == what
