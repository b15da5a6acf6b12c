"""A folder that is read in this process, and the account of its bytes."""

import io
import zipfile
from base64 import encodebytes
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.parts import CLEAN, Parts
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import plan
from forensics.model.accounts import AccountLine, State
from forensics.model.items import Limits
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.reader.accounting import account_of

HEAD = b"From: a@a.example\nSubject: x\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n"
FROM = b"From a@a.example Mon Jan  4 10:00:00 2016\n"
UNKNOWN = bytes(range(255, -1, -1)) * 5
TEXT = b"Words, and words.\n" * 50
MAIL = HEAD + b"\nText.\n"


class Silent:
    """Nobody asks how far it is."""

    def __call__(self, location_text: str, new: int = 1, /) -> None: ...

    def beat(self) -> None: ...

    def done(self, size: int) -> None: ...


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return whole.getvalue()


def attached(data: bytes, name: str = "a.bin") -> bytes:
    kind = f"Content-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64\n\n"
    return HEAD + kind.encode() + encodebytes(data)


def boxed(*mails: bytes) -> bytes:
    return b"".join([FROM + mail + b"\n" for mail in mails])


def read(folder: Path, tmp: Path, skip: dict[str, str] | None = None, parts: slice = slice(None), **asked: Any) -> Any:
    """Return the places of a source, in the order in which a case gives them; *parts* chooses units."""
    limits = asked.get("limits", Limits())
    tmp.mkdir(exist_ok=True)
    setup = Setup(**{"tmp": str(tmp), "limits": limits, "as_of": 2**60, **asked})
    known = Parts()
    rows: list[OccurrenceRow] = []
    for unit in list(plan("s", folder, limits, (), "", "0"))[parts]:
        inside = known.whole(unit) if unit.slice and unit.slice.last else CLEAN
        job = Job(unit=unit, last=len(unit.files), skip=skip or {}, inside=inside)
        reader = UnitReader(setup, job, Silent(), Spool(tmp, lambda: None))
        reader.read()
        if unit.slice and not unit.slice.last:
            known.take(unit, reader.part)
        file = tmp / unit.id / "occurrences.ndjson"
        if file.exists():
            rows += [msgspec.json.decode(line, type=OccurrenceRow) for line in file.read_bytes().splitlines()]
    return sorted(rows, key=lambda row: row.location)


class Source:
    """A folder that is read in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "source"
        self.folder.mkdir()
        self._tmp = folder
        self._reads = 0

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def account(self, **asked: Any) -> AccountLine:
        """Return its account, whose sums are the bytes that stand in it."""
        self._reads += 1
        line = account_of("s", read(self.folder, self._tmp / f"tmp{self._reads}", **asked))
        assert_sums(line, sum(file.stat().st_size for file in self.folder.iterdir()))
        return line


def assert_sums(line: AccountLine, size: int) -> None:
    assert line.size == size and line.difference == 0
    assert line.sums.parsed + line.sums.partial + line.sums.unread + line.sums.skipped + line.sums.padding == size
    assert sum(share.size for share in line.shares) == size
    for state in State:
        assert sum(share.size for share in line.shares if share.state is state) == getattr(line.sums, state)
    assert all(share.size >= 0 and share.items >= 0 for share in line.shares)


def bytes_of(line: AccountLine, reason: str) -> int:
    return sum(share.size for share in line.shares if share.reason == reason)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)
