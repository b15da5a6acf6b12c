"""Nothing is lost: the pieces of a message join to its bytes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message, MimePart
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.layout import ranges
from forensics.replay import decoders

LINES = (
    "From a@a.example Fri Nov 21 09:55:06 1997\n",
    "Subject: x\n",
    "Subject : =?utf-8?q?=41?=\n folded\n",
    "From: A <a@a.example>\r\n",
    "Content-Type: multipart/mixed; boundary=b\n",
    'Content-Type: multipart/mixed;\n boundary="bb"\r\n',
    "\n",
    "\r\n",
    "\r",
    "--b\n",
    "--b\r\n",
    "--b--\n",
    "--bb\n",
    "--bb--\r\n",
    "--b x\n",
    "text\n",
    "\x00\n",
    "ÿ\n",
    " \n",
    "Content-Transfer-Encoding: base64\n",
    "QUJD\n",
    "=41=\n",
    "Content-Type: message/rfc822\n",
    "Content-Disposition: attachment; filename=a\n",
    "Received: by x; 1 Jan 2001 1:1 Z\n",
    "DKIM-Signature: a=rsa-sha256; h=from; b=AA==\n",
    "--",
    ":",
    "b",
)
MAILS = st.lists(st.sampled_from(LINES), max_size=40).map(lambda lines: "".join(lines).encode("latin-1"))


def message_of(raw: bytes, limits: Limits | None = None) -> Message:
    context = ParseContext(limits=limits or Limits())
    found = [one for one in rfc5322.parse(MemoryBytes(raw), Location(()), context) if isinstance(one, Message)]
    assert len(found) == 1
    return found[0]


def assert_whole(raw: bytes, message: Message) -> None:
    position = 0
    pieces = []
    for start, end in ranges(message):
        assert start == position < end
        pieces.append(raw[start:end])
        position = end
    assert b"".join(pieces) == raw
    assert message.tree is not None
    assert_fields(raw, message.tree.root)


def assert_fields(raw: bytes, part: MimePart) -> None:
    assert part.start <= part.body_start <= part.end
    for field in part.headers:
        assert raw[field.start : field.end] == field.raw
    for child in part.parts:
        assert part.body_start <= child.start <= child.end <= part.end
        assert_fields(raw, child)


@given(MAILS | st.binary(max_size=300))
def test_any_bytes_join_again(raw: bytes) -> None:
    assert_whole(raw, message_of(raw))


@given(MAILS)
def test_limits_lose_nothing(raw: bytes) -> None:
    limits = Limits(parts=3, part_depth=1, header_fields=2, field_bytes=20, memory_bytes=100, children=1)
    assert_whole(raw, message_of(raw, limits))


def test_every_real_mail_joins_again(corpora: Path, suites: Path) -> None:
    paths = [path for path in sorted((corpora / "mail").rglob("*")) if path.is_file()]
    paths += sorted(suites.rglob("*.eml"))
    assert len(paths) > 5000
    for path in paths:
        raw = path.read_bytes()
        assert_whole(raw, message_of(raw))


def nested(depth: int) -> bytes:
    opened = b"".join([b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)])
    return opened + b"\nx\n" + b"".join([b"--b%d--\n" % n for n in reversed(range(depth))])


HOSTILE = {
    "one line": (b"From: a@a.example\n\n" + b"x" * 20_000_000, {"mail.text_bytes"}),
    "one field": (b"Subject: " + b"x" * 20_000_000 + b"\n\n", {"mail.field_bytes"}),
    "header fields": (b"X: y\n" * 100_000 + b"\nbody", {"mail.header_fields"}),
    "nested": (nested(1000), {"mail.part_depth"}),
    "parts": (
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 50_000,
        {"mail.parts", "mail.not_closed"},
    ),
    "empty": (b"", {"mail.empty"}),
    "NUL": (b"\0" * 1_000_000, {"mail.nul"}),
    "blank": (b"\n" * 1_000_000, set()),
    "comments": (b"Received: " + b"(\\(" * 300_000 + b"\nTo: " + b"(" * 900_000 + b"\n\n", set()),
    "semicolons": (b"Content-Type: text/plain" + b";" * 900_000 + b"\n\n", set()),
    "spaces": (b"Subject: a" + b" " * 450_000 + b"b" + b" " * 450_000 + b"c\n d\n\n", set()),
    "bare CR": (b"From: a@a.example\rSubject: x\r\rbody\r", {"mail.bare_cr"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str) -> None:
    raw, codes = HOSTILE[name]
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()))
    assert {one.code for one in found if isinstance(one, rfc5322.Notice)} == codes
    assert_whole(raw, message_of(raw))


def test_leaf_digest_is_of_the_decoded_range() -> None:
    raw = b"Content-Transfer-Encoding: base64\n\nQUJD\n"
    (part,) = message_of(raw).parts
    ((start, end),) = part.locator.ranges
    assert decoders.DECODERS["base64/2"].whole(raw[start:end]) == b"ABC"
    assert (part.size, part.sha256[:8]) == (3, "b5d4045c")
