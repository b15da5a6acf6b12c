"""Files that mails speak of and lack, and other mails of their senders that carry them."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from forensics.casestore import CaseFolder, Queries
from forensics.checks.explain import file_forgotten
from forensics.examples.cases import context
from forensics.stages.running import parameters

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def mail(number: int, text: str, name: str = "", sender: str = "anna@one.example") -> bytes:
    file = base64.b64encode(b"some file").decode()
    part = (
        f"--b\nContent-Type: application/msword\nContent-Disposition: attachment; filename={name}\n"
        f"Content-Transfer-Encoding: base64\n\n{file}\n"
    )
    return (
        f"From: {sender}\nTo: ben@two.example\nSubject: Letter {number}\n"
        f"Date: {number:02} Mar 2017 10:00:00 +0000\nMessage-ID: <{number}@one.example>\n"
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n"
        f"{part if name else ''}--b--\n"
    ).encode()


def rows(archive: Archive, files: list[tuple[str, bytes]]) -> list[file_forgotten.Row]:
    case = CaseFolder.open(archive(files)._case)
    module = file_forgotten
    with Queries(case) as queries:
        return list(queries.rows(module.QUERY, parameters(module.QUERY, context()), module.Row))


def test_files_of_the_sender_s_other_mails_of_two_days(archive: Archive) -> None:
    files = [
        ("1.eml", mail(1, "Attached is Draft.doc", "Other.pdf")),
        ("2.eml", mail(2, "Sorry, here it is.", "Draft.doc")),
        ("3.eml", mail(9, "Another one.", "Late.doc")),
        ("4.eml", mail(2, "Mine.", "Mine.doc", "eve@three.example")),
    ]
    assert [row.name for row in rows(archive, files)] == ["Draft.doc"]


def test_nothing_is_asked_of_mails_that_lack_nothing(archive: Archive) -> None:
    files = [("1.eml", mail(1, "Attached is Draft.doc", "Draft.doc")), ("2.eml", mail(2, "More.", "Draft 2.doc"))]
    assert rows(archive, files) == []


@pytest.mark.parametrize("field", [b"Message-ID", b"X-Id"])
def test_a_copy_of_the_mail_with_its_file_explains_nothing(archive: Archive, field: bytes) -> None:
    files = [("1.eml", mail(1, "Attached is Draft.doc")), ("2.eml", mail(1, "Attached is Draft.doc", "Draft.doc"))]
    assert rows(archive, [(name, data.replace(b"Message-ID", field)) for name, data in files]) == []
