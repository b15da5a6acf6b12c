"""Documents of one name and one save, loose and in mails."""

import base64
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.checks.test_batch_touch import OFFICE, PACKAGE, RELATIONS, TYPES

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def book(sheet: str, *, author: str = "Anna", saved: str = "2017-03-06T10:00:00Z", manager: str = "Ben") -> bytes:
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "docProps/app.xml": f'<Properties xmlns="{OFFICE}/extended-properties"><Application>Microsoft Excel'
        f"</Application><Manager>{manager}</Manager></Properties>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:creator>{author}</dc:creator><dcterms:created>2017-03-01T10:00:00Z</dcterms:created>"
        f"<dcterms:modified>{saved}</dcterms:modified></cp:coreProperties>",
        "xl/workbook.xml": f"<workbook>{sheet}</workbook>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()


def mail(name: str, content: bytes) -> bytes:
    return (
        "From: anna@one.example\nTo: ben@two.example\nSubject: x\nDate: Tue, 7 Mar 2017 10:00:00 +0000\n"
        f"Content-Type: application/vnd.ms-excel\nContent-Disposition: attachment; filename={name}\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(content).decode()}\n"
    ).encode()


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        ("2017-03-06T20:00:00Z", ["saved_between"]),
        ("2017-03-05T20:00:00Z", []),
        ("2017-03-08T20:00:00Z", []),
        ("2017-03-06T10:30:00Z", []),
    ],
)
def test_a_later_version_than_the_mail_carries(archive: Archive, saved: str, expected: list[str]) -> None:
    """The mail of 10:00 on 7 March carries what was saved at 10:00 on 6 March."""
    files = [("Budget.xlsx", book("2", saved=saved)), ("1.eml", mail("budget.xlsx", book("1")))]
    seen = archive(files).of("case.later_version_at_hand")
    assert [one.bin for one in seen] == expected
    assert all([len(subject.location.steps) for subject in one.subjects] == [1, 2, 1] for one in seen)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (book("2"), ["bytes"]),
        (book("1", manager="Carl"), ["facts"]),
        (book("1", author="Carl"), ["authors"]),
        (book("1"), []),
        (book("2", saved="2017-03-06T10:01:00Z"), []),
    ],
)
def test_what_a_mail_carries_against_a_file(archive: Archive, other: bytes, expected: list[str]) -> None:
    seen = archive([("Budget.xlsx", book("1")), ("1.eml", mail("budget.xlsx", other))]).of("case.same_save_differs")
    assert [one.bin for one in seen] == expected
    assert all({len(subject.location.steps) for subject in one.subjects} == {1, 2} for one in seen)


def test_other_names_are_not_compared(archive: Archive) -> None:
    assert archive([("a.xlsx", book("1")), ("b.xlsx", book("2"))]).of("case.same_save_differs") == []


def test_times_that_a_program_gives_to_all_its_files_are_no_save(archive: Archive) -> None:
    files = [(f"{number}.xlsx", book(str(number))) for number in range(3)]
    files += [("9.eml", mail("0.xlsx", book("again")))]
    assert archive(files).of("case.same_save_differs") == []


def test_what_stands_in_a_document_is_not_compared(archive: Archive) -> None:
    around = io.BytesIO(book("around", saved="2018-03-06T10:00:00Z"))
    with zipfile.ZipFile(around, "a") as file:
        file.writestr(zipfile.ZipInfo("xl/embeddings/a.xlsx"), book("2"))
    assert archive([("a.xlsx", book("1")), ("b.xlsx", around.getvalue())]).of("case.same_save_differs") == []
