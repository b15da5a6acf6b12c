import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers import PARSERS, every
from forensics.parsers.identify import identify, message_parser
from tests.parsers.mail.msg_files import msg


def found(data: bytes, name: bytes = b"") -> str | None:
    return identify(data[:4096], MemoryBytes(data), name)


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


MAIL = b"From: Ada <ada@one.example>\r\nTo: bob@two.example\r\n"
MAIL += b"Date: Tue, 5 Jul 2016 11:33:22 +0200\r\nSubject: x\r\n\r\nx\r\n"
FROM = b"From ada@one.example Tue Jul  5 11:33:22 2016\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (MAIL, "mail.rfc5322"),
        (FROM + MAIL, "mail.mbox"),
        (b"\n" + FROM + MAIL, "mail.mbox"),
        (zipped(a=b"x"), "archive.zip"),
        (b"%PDF-1.4\n", "document.pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image.jpeg"),
        (b"", None),
        (b"hello world\n", None),
        (b"From me to you, with love.\n\nAda\n", None),
        (b"#!/bin/sh\necho: hello\nset: x\n\n", None),
        (b"<!DOCTYPE html>\n<html><head><title>Subject: x</title></head></html>\n", None),
        (b'{"From": "ada@one.example"}\n', None),
        (b"import os\n\nclass Date:\n    x: int = 1\n", None),
        (b"key: value\nother: thing\n\ntext\n", None),
        (b"http://one.example/\nmailto:x\n", None),
        (b"\0" * 600, None),
    ],
)
def test_content_decides(data: bytes, expected: str | None) -> None:
    assert found(data) == expected


@pytest.mark.parametrize("name", [b"a.eml", b"a.zip", b"a.mbox", b"a.pdf", b"\xff"])
def test_a_name_does_not_make_a_format(name: bytes) -> None:
    assert found(b"hello world\n", name) is None
    assert found(zipped(a=b"x"), name) == "archive.zip"


def test_a_mailbox_without_its_beginning_is_known_by_its_name() -> None:
    data = b"end of a mail\n\n" + FROM + MAIL
    assert found(data) is None
    assert found(data, b"Sent.MBOX") == "mail.mbox"


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
OOXML = {"[Content_Types].xml": b"<Types/>"}
ODF = {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": b"<m/>", "content.xml": b"<c/>"}


@pytest.mark.parametrize("lead", [b"JUNK", b"#!/usr/bin/env python3\n", b"\x7fELF" + b"\0" * 60, PNG, b"\0" * 5000])
@pytest.mark.parametrize("tail", [b"", b"more junk", b"\0" * 70_000])
@pytest.mark.parametrize(
    ("members", "expected"), [({"a": b"x"}, "archive.zip"), (OOXML, "document.ooxml"), (ODF, "document.odf")]
)
def test_a_zip_behind_other_bytes(lead: bytes, tail: bytes, members: dict[str, bytes], expected: str) -> None:
    assert found(lead + zipped(**members) + tail) == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image.jpeg"),
        (b"%PDF-1.4\n", "document.pdf"),
        (MAIL, "mail.rfc5322"),
        (FROM + MAIL, "mail.mbox"),
        (OLE2, None),
        (b"Rar!\x1a\x07\x01\0", "archive.rar"),
        (b"\xc7\x71" + b"\0" * 24, None),
        (b"a.txt".ljust(257, b"\0") + b"ustar\0" + b"\0" * 250, "archive.tar"),
        (b"\x60\xea\x2b\0" + b"\0" * 60, None),
    ],
)
def test_a_zip_at_the_end_does_not_turn_another_format_round(lead: bytes, expected: str | None) -> None:
    assert found(lead + zipped(**OOXML)) == expected


@pytest.mark.parametrize(
    "data", [b"junk PK\5\6" + b"\0" * 18, b"a text with PK\5\6 in it, and more after that", zipped(a=b"x")[35:][:-30]]
)
def test_an_end_record_alone_is_no_archive(data: bytes) -> None:
    assert found(data) is None


def test_every_entry_is_a_parser_in_order() -> None:
    assert len(set(PARSERS)) == len(PARSERS)
    assert PARSERS.index("document.ooxml") < PARSERS.index("archive.zip")
    assert PARSERS.index("mail.mbox") < PARSERS.index("mail.rfc5322")


def test_real_texts_and_scripts_are_no_mail(corpora: Path) -> None:
    for suffix in ("*.html", "*.csv", "*.json", "*.xml", "*.md", "*.yml"):
        for path in sorted(corpora.rglob(suffix)):
            data = path.read_bytes()
            assert found(data, path.name.encode()) in (None, "document.odf", "document.pdf"), path


@given(
    st.sampled_from([b"", b"\n", b"From a b\n", b"MZ" + b"x" * 80]),
    st.sampled_from([mark for one in every() for mark in (*one.FORMAT.begins, one.FORMAT.holds)] + [MAIL]),
    st.binary(max_size=60) | st.just(zipped(a=b"x")),
)
def test_no_parser_that_would_agree_is_passed_over(lead: bytes, mark: bytes, rest: bytes) -> None:
    data = lead + mark + rest
    for parser in every():
        assert parser.FORMAT.may_open(data) or not parser.sniff(data, MemoryBytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"Received: from a by b; Tue, 5 Jul 2016 11:33:22 +0200\r\n" * 90 + b"From: a@one.example\r\n\r\nx",
        b"To: " + b"someone@one.example,\r\n " * 1_000 + b"last@one.example\r\nFrom: a@one.example\r\n\r\nx",
        b"".join(b"X-%d: y\r\n" % number for number in range(900)) + MAIL,
    ],
)
def test_long_headers_are_mail(data: bytes) -> None:
    assert found(data) == "mail.rfc5322"


def test_poor_headers_are_mail_where_the_name_says_so() -> None:
    assert found(b"Subject: x\n\nhello") is None
    assert found(b"Subject: x\n\nhello", b"a.EML") == "mail.rfc5322"
    assert (
        identify(b"Subject: x\n\nhello", MemoryBytes(b"Subject: x\n\nhello"), b"", "message/rfc822") == "mail.rfc5322"
    )
    assert found(b"just text, no field\n", b"a.eml") is None


@pytest.mark.parametrize("damaged", [b"Rar!\x1a\x07\x09", b"\x1f\x8b\x08\xe0\0\0\0\0\0\0", b"7z\xbc\xaf\x27\x1c"])
def test_what_a_damaged_archive_ends_with_is_a_part_of_it(damaged: bytes) -> None:
    packed = zipped(a=b"text")
    assert found(damaged + bytes(40) + packed) in (None, "archive.sevenzip")
    assert found(b"anything" + packed) == "archive.zip"


def test_a_message_is_read_by_what_it_begins_with() -> None:
    def name(data: bytes) -> str:
        return message_parser(MemoryBytes(data)).name

    assert name(msg({0x1000001F: "text"})) == "mail.msg"
    assert name(b"\x89PSTNODE" + bytes(90)) == "store.pst_message"
    assert name(b"\x78\x9f\x3e\x22" + bytes(90)) == "mail.tnef"
    assert name(b"<?xml version='1.0'?><emails><email><OPFMessageCopyBody>a</OPFMessageCopyBody>") == "mail.olm_message"
    assert name(b"From: a@one.example\n\ntext") == name(b"no header at all") == name(b"") == "mail.rfc5322"


def test_a_mail_asks_no_sniff_before_its_own() -> None:
    head = b"Received: from a.example by b.example; Mon, 1 Jan 2018 10:00:00 +0000\r\nFrom: a@a.example\r\n\r\nbody"
    assert next(parser.name for parser in every() if parser.FORMAT.may_open(head)) == "mail.rfc5322"
