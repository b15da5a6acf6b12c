import io
import zipfile
from pathlib import Path

import pytest

from forensics.model.items import MemoryBytes
from forensics.parsers import PARSERS
from forensics.parsers.identify import identify


def found(data: bytes, name: bytes = b"") -> str | None:
    return identify(data[:4096], MemoryBytes(data), name)


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
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


def test_every_entry_is_a_parser_in_order() -> None:
    assert len(set(PARSERS)) == len(PARSERS)
    assert PARSERS.index("document.ooxml") < PARSERS.index("archive.zip")
    assert PARSERS.index("mail.mbox") < PARSERS.index("mail.rfc5322")


def test_real_texts_and_scripts_are_no_mail(corpora: Path) -> None:
    for suffix in ("*.html", "*.csv", "*.json", "*.xml", "*.md", "*.yml"):
        for path in sorted(corpora.rglob(suffix)):
            data = path.read_bytes()
            assert found(data, path.name.encode()) in (None, "document.odf", "document.pdf"), path
