"""A small clean archive, made here: a thread, an HTML mail, attachments, signatures, three people of one domain."""

import base64
import hashlib
from pathlib import Path

import pytest

from samples.planting.archive import Archive, read

PEOPLE = ("Anna Berg <anna@berg.example>", "Bo Lind <bo@lind.example>", "Cleo Marsh <cleo@gmail.com>")
WORDS = (
    "Please do not send the figures before the meeting with our partners",
    "because the second table still holds 1250 errors that nobody explained.",
    "I will look at the numbers again tomorrow and write to everybody.",
    "See http://www.berg.example/minutes for what was said last week.",
)


def head(number: int, sender: str, subject: str, *more: str) -> list[str]:
    stamp = f"{1 + number % 27:02d} Mar 2016 10:{number % 60:02d}:07 +0100"
    day = ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")[number % 27 % 7]
    return [
        f"Received: from mail.berg.example (mail.berg.example [192.0.2.7])\n\tby mx.list.example (Postfix) with ESMTP"
        f"\n\tid 3A91{number:04X}; {day}, {stamp}",
        f"Date: {day}, {stamp}",
        f"From: {sender}",
        f"To: team@list.example, {'Eve Stone <eve@stone.example>' if number % 4 == 0 else 'dora@quist.example'}",
        f"Subject: {subject}",
        f"Message-ID: <2016030{1 + number % 9}0907.{number:05d}@berg.example>",
        *more,
    ]


def signed(lines: list[str], body: str) -> bytes:
    data = "\r\n".join(line.rstrip() for line in body.split("\n"))
    digest = base64.b64encode(hashlib.sha256((data.rstrip("\r\n") + "\r\n").encode()).digest()).decode()
    value = f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=berg.example;\n h=from:date; bh={digest}; b=AAAA"
    return "\n".join([value, *lines, "", body]).encode()


def plain(number: int) -> bytes:
    text = "\n".join(["Hello,", "", *WORDS, "", "Anna", ""])
    return "\n".join([*head(number, PEOPLE[number % 3], f"figures {number}"), "", text]).encode()


def reply(number: int, to: bytes) -> bytes:
    parent = next(line for line in to.decode().split("\n") if line.startswith("Message-ID:")).partition(": ")[2]
    writer = next(line for line in to.decode().split("\n") if line.startswith("From:"))[6:].partition(" <")[0]
    quoted = "\n".join([f"> {line}" for line in WORDS])
    lines = head(number, PEOPLE[(number + 1) % 3], f"Re: figures {number}", f"In-Reply-To: {parent}")
    return "\n".join(
        [
            *lines,
            "",
            f"On Tue, 1 Mar 2016 10:00:07 +0100, {writer} wrote:",
            quoted,
            "",
            "I agree with all of that, and so does everybody.",
            "",
        ]
    ).encode()


def alternative(number: int) -> bytes:
    lines = [
        *head(number, PEOPLE[0], "both forms", "MIME-Version: 1.0"),
        'Content-Type: multipart/alternative; boundary="alt"',
        "",
        "--alt",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Please do not send the figures before the caf=C3=A9 meeting with our =",
        "partners because nobody explained them.",
        "",
        "--alt",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "<html><body><p>Please do not send the figures before the café meeting with our partners",
        "because nobody explained them.</p></body></html>",
        "--alt--",
        "",
    ]
    return "\n".join(lines).encode()


def attached(number: int) -> bytes:
    lines = [
        *head(number, PEOPLE[1], "with files", "MIME-Version: 1.0"),
        'Content-Type: multipart/mixed; boundary="mix"',
        "",
        "--mix",
        "Content-Type: text/plain",
        "",
        *WORDS,
        "",
        "--mix",
        'Content-Type: text/x-log; name="run.log"',
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="run.log"',
        "",
        base64.encodebytes(b"started early\nfinished later without errors\n").decode().strip(),
        "--mix",
        'Content-Type: image/png; name="plot.png"',
        "Content-Transfer-Encoding: base64",
        "Content-ID: <plot@berg.example>",
        "",
        base64.encodebytes(bytes(range(256))).decode().strip(),
        "--mix--",
        "",
    ]
    return "\n".join(lines).encode()


def eight_bit(number: int) -> bytes:
    more = ("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
    lines = head(number, PEOPLE[2], "café", *more)
    return "\n".join([*lines, "", "The café was full of people who said nothing new.", ""]).encode()


def length_signed(number: int) -> bytes:
    lines = head(number, PEOPLE[0], "signed in part")
    lines.insert(0, "DKIM-Signature: v=1; a=rsa-sha256; d=berg.example; l=20; h=from; bh=AAAA; b=AAAA")
    return "\n".join([*lines, "", "\n".join(WORDS), ""]).encode()


def later(number: int) -> bytes:
    """A mail of 2019 by one of three people of one domain."""
    sender = f"Person {number % 3} <person{number % 3}@berg.example>"
    text = "\n".join(["Hello,", "", *WORDS, ""])
    return (
        "\n".join([*head(number, sender, f"minutes {number}"), "", text]).replace(" Mar 2016 ", " Mar 2019 ").encode()
    )


def clean_folder(folder: Path, count: int = 60) -> Path:
    folder.mkdir(parents=True)
    made: list[bytes] = []
    for number in range(count):
        kind = number % 8
        if kind in (0, 1, 6):
            made.append(plain(number))
        elif kind == 2:
            made.append(reply(number, made[-1]))
        elif kind == 3:
            made.append(alternative(number))
        elif kind == 4:
            made.append(attached(number))
        elif kind == 5:
            made.append(eight_bit(number))
        else:
            made.append(
                length_signed(number)
                if number % 16 == 7
                else signed(head(number, PEOPLE[0], "sealed"), "\n".join(WORDS) + "\n")
            )
    made += [later(count + number) for number in range(9)]
    for number, data in enumerate(made):
        (folder / f"{number:03d}.eml").write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_folder(tmp_path_factory.mktemp("clean") / "mails")


@pytest.fixture(scope="session")
def archive(folder: Path) -> Archive:
    mails = read(folder).mails
    return Archive((*mails[:56], *mails[60:]), elsewhere=mails[56:60], seed="7")
