"""A mail with its winmail.dat is one mail: what it says of itself twice is no second mail of the case."""

import base64
import hashlib
from collections.abc import Callable, Iterable

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.model.rows.messages import MessageRow
from tests.parsers.mail import tnef_streams as made

HEADER = b"""From: Anna Berg <anna@one.example>
To: ben@two.example
Date: Mon, 6 Mar 2017 11:01:02 +0100
Message-ID: <1@mail.one.example>
Subject: Figures
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b

The figures as a mail has them, with many words of its own.
--b
Content-Type: application/ms-tnef; name=winmail.dat
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=winmail.dat

"""


def said(subject: str, *more: bytes) -> bytes:
    return made.stream(
        made.head(),
        made.attribute(
            made.PROPERTIES,
            made.properties(
                made.text(0x0037, subject),
                made.text(0x1035, "<1@mail.one.example>"),
                made.time(0x0039, 131332680620000000),
                made.text(0x1000, "Other words than those that the mail around has, and quite a few of them."),
            ),
        ),
        *more,
    )


def mail(stream: bytes) -> bytes:
    return HEADER + base64.encodebytes(stream) + b"--b--\n"


def attached(stream: bytes) -> bytes:
    held = made.properties(
        made.number(0x3705, 5), made.prop(0x3701, made.OBJECT, made.counted(made.IID_MESSAGE + stream))
    )
    return made.rendering() + made.attribute(made.ATTACHMENT, held)


def rows(case: Queries) -> list[tuple[str, bool]]:
    found = case.rows(
        "SELECT * FROM messages WHERE sha256 IN (SELECT sha256 FROM occurrences) ORDER BY sha256", {}, MessageRow
    )
    return sorted([(one.subject.value, bool(one.stored)) for one in found])


class Joined(msgspec.Struct):
    outer: str
    inner: str
    outer_kind: str
    inner_kind: str


def joined(case: Queries) -> list[tuple[str, str, str, str]]:
    """Return what a mail says beside what it is told to be once more."""
    query = """
SELECT o.subject.value AS "outer", i.subject.value AS "inner", o.date.kind AS outer_kind, i.date.kind AS inner_kind
FROM occurrences p JOIN messages i USING (sha256) JOIN messages o ON o.sha256 = p.message_sha256
WHERE p.restates ORDER BY p.location_text"""
    return [msgspec.structs.astuple(one) for one in case.rows(query, {}, Joined)]


class Subject(msgspec.Struct):
    subject: str


def counted(judged: object) -> list[str]:
    """Return the subjects of what rules over the case take for mails."""
    with Queries(CaseFolder.open(judged._case)) as case:  # type: ignore[attr-defined]
        rows = case.rows("SELECT subject FROM flat.mails ORDER BY subject", {}, Subject)
        return [one.subject for one in rows]


def test_it_is_no_second_mail(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    judged = archive([("a.eml", mail(said("Other figures")))])
    assert counted(judged) == ["Figures"]
    with Queries(CaseFolder.open(judged._case)) as case:  # type: ignore[attr-defined]
        assert joined(case) == [("Figures", "Other figures", "date", "submitted")]
        assert rows(case) == [("Figures", False), ("Other figures", True)]  # both readings are kept


def test_nor_is_the_same_stream_once_it_was_taken_out(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    stream = said("Other figures")
    judged = archive([("a.eml", mail(stream)), ("winmail.dat", stream)])
    assert counted(judged) == ["Figures"]


def test_a_stream_that_stands_in_no_mail_is_one(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    judged = archive([("a.eml", mail(b"none")), ("winmail.dat", said("Other figures"))])
    assert counted(judged) == ["Figures", "Other figures"]


def test_a_message_that_was_attached_is_a_mail(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    judged = archive([("a.eml", mail(said("Figures", attached(said("Attached")))))])
    assert counted(judged) == ["Attached", "Figures"]


class Place(msgspec.Struct):
    location_text: str
    message_sha256: str
    restates: bool


def test_its_attachments_are_those_of_the_mail(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    attachment = made.rendering() + made.attribute(made.DATA, b"1, 2, 3")
    stream = said("Figures", attachment, attached(said("Attached", attachment)))
    data = mail(stream)
    judged = archive([("a.eml", data), ("b.eml", data), ("c.eml", data.replace(b"many words", b"few words"))])
    with Queries(CaseFolder.open(judged._case)) as case:  # type: ignore[attr-defined]
        query = "SELECT location_text, message_sha256, restates FROM occurrences ORDER BY location_text"
        found = {one.location_text: one for one in case.rows(query, {}, Place)}
    for name, whole in (("a.eml", data), ("b.eml", data), ("c.eml", data.replace(b"many words", b"few words"))):
        around = hashlib.sha256(whole).hexdigest()
        inner = f"{name} > part:2"
        held = f"{inner} > stream:attachment[1]"
        assert [found[one].message_sha256 for one in (name, inner, f"{inner} > stream:attachment[0]", held)] == [
            "",
            around,
            around,
            around,
        ]
        assert [found[one].restates for one in (name, inner, held)] == [False, True, False]
        assert found[f"{held} > stream:attachment[0]"].message_sha256 not in ("", around)
