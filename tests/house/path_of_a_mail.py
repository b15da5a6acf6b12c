"""Which files a mail passes on its way from bytes to what is shown of it, counted while it is read a second time.

Run with a mail, ``python tests/house/path_of_a_mail.py mail.eml``, or without: then the mail below is read. A file
counts where one of its functions runs; rules and what stands behind the reader are another way. A return to a file is
a call into it from another one: comprehensions go on where they stand, and the model is what is carried, not a stop.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import msgspec

import forensics
from forensics.engine.reading.examine import Examiner
from forensics.engine.reading.state import Entry
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.rules import Context
from forensics.reader.item_facts import facts_of_rows

PACKAGE = f"{Path(forensics.__file__).parent}/"
ANOTHER_WAY = ("checks/", "stages/", "knowledge/", "cli/", "report/")
CARRIED = "model/"
ENTRY = "parsers/mail/rfc5322.py"
"""The parser's own file: a straight way leaves it and comes back with the message."""
MAIL = (
    b"Received: from mail.one.example (mail.one.example [192.0.2.30])\r\n"
    b"\tby mx.two.example (Postfix) with ESMTP id 4ABCD1234F\r\n"
    b"\tfor <bob@two.example>; Tue, 5 Jul 2016 11:33:24 +0200\r\n"
    b"Message-ID: <577B7F12.1050604@one.example>\r\n"
    b"Date: Tue, 5 Jul 2016 11:33:22 +0200\r\n"
    b"From: Ada <ada@one.example>\r\n"
    b"To: bob@two.example\r\n"
    b"Subject: minutes\r\n"
    b"\r\n"
    b"Dear Bob,\r\nthe minutes are ready.\r\n"
)


class Way(NamedTuple):
    """Where a mail has been."""

    files: tuple[str, ...]
    """Below the package, in the order in which they were first entered."""
    returns: int
    """How often the way came back to `ENTRY`."""


class Rows:
    """A sink that keeps its rows."""

    def __init__(self) -> None:
        self.tables: dict[str, list[msgspec.Struct]] = {}

    def add(self, table: str, row: msgspec.Struct) -> None:
        self.tables.setdefault(table, []).append(row)


def check(data: bytes) -> None:
    """Read a mail as a worker does, and give back what is shown of it as ``check`` does."""
    sha256, rows = hashlib.sha256(data).hexdigest(), Rows()
    step = Step(kind=StepKind.FILE, name="mail.eml", start=0, end=len(data), sha256=sha256)
    examiner = Examiner(rows, ParseContext(), Context(as_of=1 << 60), lambda _text, _new=1: None)
    source, location = MemoryBytes(data), Location((step,))
    examiner.examine(Entry(source=source, location=location, sha256=sha256, size=len(data), name=b"mail.eml"))
    examiner.finish()
    assert facts_of_rows(rows.tables)[0].claims


def way(run: Callable[[], None]) -> Way:
    """Return where a call goes through the package, the second time that it is made."""
    run()
    files: dict[str, None] = {}
    stops: list[str] = []

    def see(frame: FrameType, event: str, _: object) -> None:
        path = frame.f_code.co_filename
        if event != "call" or not path.startswith(PACKAGE):
            return
        file = path.removeprefix(PACKAGE)
        if file.startswith(ANOTHER_WAY):
            return
        files[file] = None
        if not file.startswith(CARRIED) and not frame.f_code.co_name.startswith("<") and stops[-1:] != [file]:
            stops.append(file)

    sys.setprofile(see)
    try:
        run()
    finally:
        sys.setprofile(None)
    return Way(tuple(files), stops.count(ENTRY) - 1)


if __name__ == "__main__":
    mail = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else MAIL
    found = way(lambda: check(mail))
    sys.stdout.write("\n".join([*found.files, f"{len(found.files)} files; {found.returns} returns to {ENTRY}", ""]))
