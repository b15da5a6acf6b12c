"""What a bounce returns of a mail, its header or its beginning, is held against nothing that is cut off."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

import forensics

pytestmark = pytest.mark.usefixtures("in_process")

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
BODY = """--b
Content-Type: text/plain

Text of the minutes of the meeting on Friday, and of the sum of money that is due then, which is 4000.

--b
Content-Type: text/html

<p>Text of the minutes of the meeting on Friday, and of the sum of money that is due then, which is 4000.</p>

--b--
"""
HEAD = f"""Received: from one.example by mx.two.example (Postfix) with ESMTP id 1A00042; Mon, 4 Jan 2016 10:00:09 +0000
Received: from home ([192.0.2.7]) by one.example (Postfix) with ESMTP id 2B00042; Mon, 4 Jan 2016 10:00:05 +0000
Date: Mon, 4 Jan 2016 10:00:00 +0000
From: Anna <anna@one.example>
To: ben@two.example
Subject: minutes
Message-ID: <42.7@one.example>
Lines: {BODY.count(chr(10))}
Content-Length: {len(BODY)}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b
"""
RETURNED = [
    ("text/rfc822-headers", HEAD),
    ("message/rfc822-headers", HEAD),
    ("message/rfc822", f"{HEAD}\n"),
    ("message/rfc822", f"{HEAD}\n{BODY[:120]}\n"),
    ("message/rfc822", f"{HEAD}\n{BODY[:220]}\n"),
]


def bounce(media_type: str, returned: str) -> bytes:
    return (
        "Date: Mon, 4 Jan 2016 10:05:00 +0000\nFrom: MAILER-DAEMON@mx.two.example\nTo: anna@one.example\n"
        "Subject: Undelivered\nMessage-ID: <1@mx.two.example>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nfailed\n"
        f"--r\nContent-Type: {media_type}\n\n{returned}\n--r--\n"
    ).encode()


@pytest.mark.parametrize(("media_type", "returned"), RETURNED)
def test_a_returned_header_is_no_other_version(archive: Archive, media_type: str, returned: str) -> None:
    files = [("sent.eml", f"{HEAD}\n{BODY}".encode()), ("bounce.eml", bounce(media_type, returned))]
    judged = archive(files)
    assert judged.of("case.token_reuse") == judged.of("case.message_id_reuse") == []


def test_a_returned_header_under_another_subject_is_one(archive: Archive) -> None:
    changed = HEAD.replace("Subject: minutes", "Subject: other things")
    files = [("sent.eml", f"{HEAD}\n{BODY}".encode()), ("bounce.eml", bounce("text/rfc822-headers", changed))]
    assert [one.bin for one in archive(files).of("case.message_id_reuse")] == ["other_subject"]


def test_a_whole_copy_with_other_words_is_one(archive: Archive) -> None:
    whole = f"{HEAD}\n{BODY.replace('4000', '9000')}"
    files = [("sent.eml", f"{HEAD}\n{BODY}".encode()), ("bounce.eml", bounce("message/rfc822", whole))]
    assert [one.bin for one in archive(files).of("case.message_id_reuse")] == ["other_body"]


@pytest.mark.parametrize(("media_type", "returned"), RETURNED)
def test_no_rule_on_one_mail_accuses_it(media_type: str, returned: str, tmp_path: Any) -> None:
    path = tmp_path / "bounce.eml"
    path.write_bytes(bounce(media_type, returned))
    assert [one.rule for one in forensics.check(path).findings if one.strength != "context"] == []
