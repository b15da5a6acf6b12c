"""Files that are no mails, and what is compared as what."""

import io
import zipfile

import pytest

from forensics.model.comparing import Cause
from forensics.relations.comparing.contents import compare_contents
from tests.parsers.mail.msg_files import msg


def package(*members: tuple[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name, (2022, 5, 3, 10, 0, 0)), text, method)
    return out.getvalue()


ONE = package(("a.xml", "roof"), ("b.xml", "price"))


def test_packages_are_compared_member_by_member() -> None:
    other = package(("a.xml", "roof"), ("b.xml", "prize"), ("c.xml", "new"))
    found = compare_contents(ONE, other)
    assert [(one.kind, one.name) for one in found.differences] == [
        ("member_changed", "b.xml"),
        ("member_added", "c.xml"),
    ]
    assert len(found.unexplained) == 2
    start, end = found.differences[0].other.locator.ranges[0]
    assert other[start:end]


def test_the_same_members_packed_in_another_way_are_lawful() -> None:
    other = package(("b.xml", "price"), ("a.xml", "roof"), method=zipfile.ZIP_STORED)
    (found,) = compare_contents(ONE, other).differences
    assert (found.kind, found.cause) == ("packing", Cause.ENCODING)


def test_members_of_one_name_are_each_compared() -> None:
    with pytest.warns(UserWarning):
        one, other = package(("a", "1"), ("a", "2")), package(("a", "1"), ("a", "3"))
    assert [(found.kind, found.name) for found in compare_contents(one, other).differences] == [
        ("member_changed", "a#1")
    ]


def test_other_files_are_compared_as_bytes() -> None:
    (found,) = compare_contents(
        b"\x89PNG" + b"a" * 5000 + b"end", b"\x89PNG" + b"a" * 4990 + b"b" * 10 + b"end"
    ).differences
    assert (found.kind, found.lawful) == ("bytes", False)
    assert found.one.locator.ranges == ((4994, 5004),)
    assert found.one.value == "bytes 4994 to 5004 of 5007, in 1 ranges"


@pytest.mark.parametrize("other", [b"", b"PK\x03\x04", ONE[:40], ONE[:-10]])
def test_broken_files_are_compared(other: bytes) -> None:
    assert compare_contents(ONE, other).differences
    assert compare_contents(other, other).identical


def test_mails_are_compared_as_mails() -> None:
    one, other = (
        f"From: a@b.example\nSubject: {word}\nDate: Tue, 3 May 2022 10:00:00 +0200\n\nx\n".encode() for word in "ab"
    )
    assert compare_contents(one, other).mails
    assert not compare_contents(one, ONE).mails


HEADER = "From: anna@one.example\nSubject: Sum\nMessage-ID: <1@one.example>\n\n"
SAID = "The bank returned the whole sum\nof it to us yesterday.\n"


def kept(said: str, page: str = "") -> bytes:
    values: dict[int, object] = {0x001A001F: "IPM.Note", 0x3FDE0003: 65001, 0x007D001F: HEADER.replace("\n", "\r\n")}
    return msg(values | ({0x1000001F: said} if said else {}) | ({0x10130102: page.encode()} if page else {}))


@pytest.mark.parametrize("one", [(HEADER + SAID).encode(), kept(SAID), kept("", f"<p>{SAID}")])
def test_messages_of_stores_are_compared_by_their_words(one: bytes) -> None:
    found = compare_contents(one, kept(SAID.replace("returned", "kept").replace("\n", "\r\n")))
    assert found.mails and found.texts_only and found.whole
    (difference,) = found.unexplained
    assert (difference.kind, difference.one.value, difference.other.value) == ("words", "returned", "kept")
    assert difference.one.raw == b"returned" and difference.other.raw == b"kept" and difference.runs


def test_a_link_that_a_store_repeats_is_lawful_and_another_is_not() -> None:
    said = f"{SAID}https://one.example/a\n"
    again = said.replace("/a", "/a <https://one.example/a>")
    found = compare_contents((HEADER + said).encode(), kept(again))
    assert [(one.kind, one.cause) for one in found.differences] == [("text_added", Cause.ENCODING)]
    other = compare_contents((HEADER + said).encode(), kept(again.replace("a>", "b>")))
    assert len(other.unexplained) == 1


def test_the_same_words_in_a_store_are_lawful() -> None:
    (difference,) = compare_contents((HEADER + SAID).encode(), kept(SAID.replace("\n", "\r\n"))).differences
    assert (difference.kind, difference.cause) == ("layout", Cause.ENCODING)
    assert compare_contents(kept(SAID), kept(SAID)).identical
