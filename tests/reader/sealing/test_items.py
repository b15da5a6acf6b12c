"""Which items a list names: those who wrote, got or are quoted, what is inside and around them, and folders."""

import base64
import shutil
from pathlib import Path

import pytest

import forensics
from forensics.errors import Restricted, UnknownItem

pytestmark = pytest.mark.usefixtures("in_process")

FILE = b"the very same figures, in two mails\n" * 3


def mail(
    sender: str, to: str, subject: str, body: str = "Hello.\n", *, attached: bytes = b"", inner: bytes = b""
) -> bytes:
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Mon, 3 Oct 2016 10:00:00 +0200\n"
    head += f"Message-ID: <{abs(hash(subject))}@mail.test>\nMIME-Version: 1.0\n"
    if not attached and not inner:
        return f"{head}Content-Type: text/plain\n\n{body}".encode()
    parts = [b"Content-Type: text/plain\n\n" + body.encode()]
    if attached:
        coded = base64.encodebytes(attached)
        name = b"Content-Disposition: attachment; filename=figures.txt\n"
        parts.append(b"Content-Type: text/plain\n" + name + b"Content-Transfer-Encoding: base64\n\n" + coded)
    if inner:
        parts.append(b"Content-Type: message/rfc822\n\n" + inner)
    joined = b"".join([b"--edge\n" + part + b"\n" for part in parts])
    return head.encode() + b"Content-Type: multipart/mixed; boundary=edge\n\n" + joined + b"--edge--\n"


FORWARD = """Look.

-----Original Message-----
From: Counsel <counsel@firm.example>
Sent: Monday, October 3, 2016 10:00 AM
To: boss@club.test
Subject: opinion

Do not tell.
"""
MAILS = {
    "opinion.eml": mail("counsel@firm.example", "boss@club.test", "opinion", attached=FILE),
    "copied.eml": mail("boss@club.test", "a@x.test, Counsel@Firm.Example", "copied in"),
    "below.eml": mail("clerk@mail.firm.example", "a@x.test", "from a host below"),
    "alike.eml": mail("a@firm.example.evil.test", "b@notfirm.example", "another domain"),
    "plain.eml": mail("a@x.test", "b@x.test", "the same file", attached=FILE),
    "forward.eml": mail("boss@club.test", "friend@x.test", "see below", FORWARD),
    "carrier.eml": mail("a@x.test", "b@x.test", "fwd", inner=mail("counsel@firm.example", "boss@club.test", "inside")),
    "legal/note one.txt": b"in a folder",
    "legalese/note.txt": b"in another folder",
    "lone.eml": mail("doctor@home.example", "a@x.test", "an address"),
    "near.eml": mail("other@home.example", "a@x.test", "another address"),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for name, data in MAILS.items():
        path = home / "leak" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (home / "list.txt").write_text("@firm.example\ndoctor@home.example # a physician\n/legal/\nidle.example\n")
    options = forensics.ScanOptions(as_of="2017-06-01", jobs=1, restrict=home / "list.txt")
    forensics.scan(home / "leak", home / "case", options)
    return home / "case"


def shown(case: Path) -> set[str]:
    return {line.location.text for line in forensics.items(case) if not line.restricted}


def test_who_is_named_and_what_is_inside_and_around(case: Path) -> None:
    assert shown(case) == {"alike.eml", "plain.eml", "legalese/note.txt", "near.eml"}
    hidden = [line for line in forensics.items(case) if line.restricted]
    numbers = [line.location.text for line in hidden]
    assert len(set(numbers)) == len(numbers) and all(text.startswith("restricted-") for text in numbers)
    state = forensics.restriction(case)
    assert [one.value for one in state.idle] == ["idle.example"]


def test_a_file_that_stands_in_a_restricted_mail_is_restricted_wherever_it_stands(case: Path) -> None:
    """The mail that has it too is open, but its bytes would give the file."""
    with forensics.open_case(case) as opened:
        assert opened.text("plain.eml").shown.strip() == "Hello."
        with pytest.raises(Restricted, match="holds an item"):
            opened.read("plain.eml")
        assert opened.read("alike.eml") == MAILS["alike.eml"]
        assert opened.item("legal/note one.txt").restricted


def test_the_end_of_a_location_does_not_tell_what_is_restricted(case: Path) -> None:
    with forensics.open_case(case) as opened:
        assert opened.item("legal/note one.txt").restricted
        assert opened.item("note.txt").ref.location.text == "legalese/note.txt"
        for hidden in ("note one.txt", "part:1"):
            with pytest.raises(UnknownItem):
                opened.item(hidden)


def test_an_item_is_opened_with_what_is_inside_it(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case.parent, tmp_path / "home")
    copy = tmp_path / "home" / "case"
    done = forensics.unseal(copy, "opinion.eml", by="Ann")
    assert [ref.location.text for ref in done.items] == ["opinion.eml"]
    fresh = shown(copy) - shown(case)
    assert {"opinion.eml", "opinion.eml > part:2", "plain.eml > part:2"} == fresh
    with forensics.open_case(copy) as opened:
        assert opened.read("opinion.eml") == MAILS["opinion.eml"]
        assert opened.read("plain.eml") == MAILS["plain.eml"]


def test_a_scan_keeps_the_list_and_its_places_are_not_told(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case.parent, tmp_path / "home")
    copy = tmp_path / "home" / "case"
    result = forensics.scan(tmp_path / "home" / "leak", copy, forensics.ScanOptions(jobs=1))
    assert all(row.sample == () for row in result.extent.unread)
    assert shown(copy) == shown(case)
