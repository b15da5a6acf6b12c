"""Files that a sender attaches to every mail, read from mails."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from forensics.model.rules import Role

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]

KEY, OTHER, RENEWED = b"the key of Anna", b"the key of Eve.", b"the key of Anna, renewed"


def mail(number: int, content: bytes, *, sender: str = "anna@one.example", name: str = "key.asc") -> bytes:
    return (
        f"From: {sender}\nTo: ben@two.example\nSubject: Letter {number}\n"
        f"Date: {1 + number:02} Mar 2017 10:00:00 +0000\nMessage-ID: <{number}@one.example>\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello.\n"
        f"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename={name}\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(content).decode()}\n--b--\n"
    ).encode()


def found(archive: Archive, contents: list[bytes]) -> dict[str, str]:
    files = [(f"{number}.eml", mail(number, content)) for number, content in enumerate(contents)]
    return suspects(archive, files)


def suspects(archive: Archive, files: list[tuple[str, bytes]]) -> dict[str, str]:
    seen = archive(files).of("case.attachment_differs")
    assert all([one.role for one in each.subjects] == [Role.SUSPECT, Role.WITNESS, Role.WITNESS] for each in seen)
    return {each.subjects[0].location.text.rpartition("/")[2]: each.bin for each in seen}


@pytest.mark.parametrize("place", [1, 4])
def test_one_mail_with_another_file(archive: Archive, place: int) -> None:
    contents = [KEY] * 6
    contents[place] = OTHER
    assert found(archive, contents) == {f"{place}.eml": "only_one"}


@pytest.mark.parametrize(
    "contents",
    [
        [KEY, KEY, KEY, RENEWED],
        [OTHER, KEY, KEY, KEY],
        [KEY, KEY, KEY, RENEWED, RENEWED, RENEWED],
        [KEY, OTHER, KEY],
        [b"1", b"2", b"3", KEY, b"4", b"5", KEY, KEY],
    ],
)
def test_versions_say_nothing(archive: Archive, contents: list[bytes]) -> None:
    assert found(archive, contents) == {}


def test_some_mails_with_other_files(archive: Archive) -> None:
    assert found(archive, [KEY, OTHER, KEY, RENEWED, KEY, KEY]) == {"1.eml": "several", "3.eml": "several"}


BOTH = mail(2, KEY).replace(b"--b--\n", mail(2, OTHER).rpartition(b"Hello.\n")[2])


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (mail(2, OTHER), {"2.eml": "only_one"}),
        (BOTH, {}),
        (mail(2, OTHER, sender="eve@three.example"), {}),
        (mail(2, OTHER, name="eve.asc"), {}),
    ],
)
def test_another_file_of_the_sender_instead(archive: Archive, second: bytes, expected: dict[str, str]) -> None:
    files = [(f"{number}.eml", mail(number, KEY)) for number in (0, 1, 3, 4)]
    assert suspects(archive, [*files, ("2.eml", second)]) == expected
