"""Every byte of a source stands in one account, whatever the source holds and however far it was read."""

import io
import struct
import zipfile
from base64 import encodebytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.engine.reading import units
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.parts import CLEAN, Parts
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import plan
from forensics.model.accounts import AccountLine, State
from forensics.model.items import Limits
from forensics.model.locations import Location, Step, StepKind
from forensics.model.rows.occurrences import AccountRow, OccurrenceRow
from forensics.parsers.archive import _zip_runs
from forensics.parsers.mail import mbox
from forensics.reader.accounting import account_of
from tests.parsers.mail import msg_files
from tests.parsers.store import pst_builder

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


def test_files_are_what_became_of_them(source: Source) -> None:
    for name, data in (("a.eml", MAIL), ("b.bin", UNKNOWN), ("c.txt", TEXT), ("d.eml", b"")):
        source.put(name, data)
    line = source.account()
    assert (line.sums.parsed, line.sums.unread, line.sums.skipped) == (len(MAIL), len(UNKNOWN), len(TEXT))
    assert line.files == 4 and not line.shared and not line.excess


def test_what_is_left_out_is_skipped_wherever_it_stands(source: Source) -> None:
    source.put("a.zip", zipped(("in.eml", MAIL), ("out.eml", MAIL * 3), method=zipfile.ZIP_STORED))
    source.put("out.eml", MAIL)
    line = source.account(exclude=("*out.eml",))
    assert line.sums.skipped == bytes_of(line, "intake.not_selected") == 4 * len(MAIL)


def test_links_are_skipped(source: Source) -> None:
    source.put("a.eml", MAIL)
    (source.folder / "link").symlink_to("a.eml")
    line = account_of("s", read(source.folder, source.folder.parent / "tmp"))
    assert_sums(line, len(MAIL) + len("a.eml"))
    assert line.sums.skipped == len("a.eml")


def test_stored_members_count_byte_by_byte(source: Source) -> None:
    whole = zipped(("a.eml", MAIL), ("b.bin", UNKNOWN), ("c.txt", TEXT), method=zipfile.ZIP_STORED)
    source.put("a.zip", whole)
    line = source.account()
    assert (line.sums.unread, line.sums.skipped) == (len(UNKNOWN), len(TEXT))
    assert line.sums.parsed == len(whole) - len(UNKNOWN) - len(TEXT)


def test_compressed_members_count_in_proportion(source: Source) -> None:
    source.put("a.zip", zipped(("mail.eml", attached(UNKNOWN))))
    line = source.account()
    (unread,) = [share for share in line.shares if share.state is State.UNREAD]
    (mail,) = [share for share in line.shares if share.media_type == "message/rfc822"]
    encoded = len(encodebytes(UNKNOWN))
    assert unread.size == -(-(unread.size + mail.size) * encoded // len(attached(UNKNOWN)))


def test_little_that_was_not_read_never_vanishes_in_what_is_stored_small(source: Source) -> None:
    source.put("a.zip", zipped(("outer.zip", zipped(("a.txt", b" " * 900_000), ("b.bin", b"\x93")))))
    line = source.account()
    assert line.sums.unread == 1 and line.sums.skipped > 1


def test_what_surrounds_an_archive_is_unread_or_padding(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)) + bytes(30) + UNKNOWN)
    source.put("b.zip", zipped(("a.eml", MAIL)) + bytes(5000))
    line = source.account()
    assert (line.sums.padding, line.sums.partial) == (5030, len(UNKNOWN))
    assert bytes_of(line, "zip.gap") == len(UNKNOWN) and not line.excess


def test_blank_lines_of_mailboxes_and_documents_are_padding(source: Source) -> None:
    source.put("a.mbox", boxed(MAIL, MAIL + b">From x\n", MAIL))
    assert source.account().sums.padding == 3


def test_members_that_share_their_bytes_count_once(source: Source) -> None:
    whole = bytearray(zipped(("a.bin", UNKNOWN), ("b.eml", MAIL), method=zipfile.ZIP_STORED))
    second = whole.rindex(b"PK\x01\x02")
    whole[second + 42 : second + 46] = bytes(4)  # the second entry of the directory points to the first member
    whole[second + 20 : second + 28] = struct.pack("<II", len(UNKNOWN), len(UNKNOWN))
    source.put("a.zip", bytes(whole))
    line = source.account()
    assert line.shared == len(UNKNOWN) and line.sums.unread == len(UNKNOWN)


def test_items_of_a_store_take_as_many_bytes_as_they_have(source: Source) -> None:
    source.put("mails.pst", pst_builder.small().built())
    line = source.account()
    stored = sum(share.size for share in line.shares if share.media_type == "application/x-outlook-stored-message")
    assert 4_000 < stored < line.sums.parsed and line.sums.padding > 10_000
    assert sum(share.size for share in line.shares if share.state is State.UNREAD) == 256 * 200  # an attachment
    assert not line.shared and not line.excess


def test_messages_in_an_outlook_message_take_what_they_have_at_most(source: Source) -> None:
    inner = msg_files.message_tree({0x0037001F: "inside", 0x1000001F: "Words. " * 900}, inner=True)
    file = {0x37050003: 1, 0x3707001F: "a.txt", 0x37010102: TEXT}
    source.put("outside.msg", msg_files.msg({0x0037001F: "outside"}, (), [({0x37050003: 5}, inner), (file, None)]))
    line = source.account()
    assert line.sums.skipped == len(TEXT) and not line.sums.unread
    assert not line.shared and not line.excess


def test_an_encrypted_member_is_unread_as_it_is_stored(source: Source) -> None:
    whole = bytearray(zipped(("a.eml", MAIL), method=zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    source.put("a.zip", bytes(whole))
    line = source.account()
    assert line.sums.unread == bytes_of(line, "zip.encrypted") == len(MAIL)


def test_a_cut_archive_lacks_what_is_not_there(source: Source) -> None:
    whole = zipped(("a.eml", MAIL), ("b.bin", bytes(range(256)) * 300))
    source.put("a.zip", whole[: len(whole) * 2 // 3])
    line = source.account()
    assert not line.excess and line.sums.parsed


@pytest.mark.parametrize(
    "limits", [Limits(expansion=2_000, expansion_ratio=0), Limits(items=3, item_bytes=10**9), Limits(depth=1)]
)
def test_what_a_limit_left_is_unread(source: Source, limits: Limits) -> None:
    inner = zipped(*[(f"{n}.eml", MAIL + TEXT + b"%d" % n) for n in range(9)])
    source.put("a.zip", zipped(("inner.zip", inner), *[(f"{n}.eml", MAIL + b"%d" % n) for n in range(9)]))
    line = source.account(limits=limits)
    assert line.sums.unread + line.sums.partial and not line.excess


def test_copies_of_a_content_count_where_they_stand(source: Source) -> None:
    inner = zipped(("a.zip", zipped(("b.bin", UNKNOWN), ("c.eml", MAIL))), ("d.bin", UNKNOWN)) + UNKNOWN[:7]
    source.put("a.zip", inner)
    once = source.account()
    source.put("b.zip", inner)
    twice = source.account()
    assert [getattr(twice.sums, state) for state in State] == [2 * getattr(once.sums, state) for state in State]


def test_an_item_that_stopped_its_worker_is_unread(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL), ("b.eml", MAIL * 2), method=zipfile.ZIP_STORED))
    line = source.account(skip={"a.zip > b.eml": "engine.watchdog"})
    assert line.sums.unread == bytes_of(line, "engine.watchdog") == 2 * len(MAIL)


def test_a_file_that_stopped_its_worker_is_unread(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)))
    line = source.account(skip={"a.zip": "engine.watchdog"})
    assert line.sums.unread == line.size


def test_a_parser_that_fails_costs_what_it_had_not_given(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    given = mbox._Reader.message

    def fails(self: Any, separator: Any, ending: Any, index: int) -> Any:
        if index == 2:
            raise ValueError("ours")
        return given(self, separator, ending, index)

    monkeypatch.setattr(mbox._Reader, "message", fails)
    source.put("a.mbox", boxed(MAIL, MAIL, MAIL, MAIL))
    line = source.account()
    assert not line.excess
    # The lines before and between the two mails that were found may or may not have been understood.
    assert line.sums.parsed == 2 * len(MAIL)
    assert bytes_of(line, "engine.parser_fault") == line.size - 2 * len(MAIL)


class TestCut:
    """A mailbox and an archive that are read in ranges."""

    @pytest.fixture(autouse=True)
    def cut(self, monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
        monkeypatch.setattr(units, "CUT_BYTES", 100)
        monkeypatch.setattr(mbox, "CUT_BYTES", 300)
        source.put("a.mbox", boxed(*[attached(UNKNOWN[:n]) for n in range(20)]) + b"\n\n")

    def test_ranges_give_what_the_whole_gives(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        ranges = source.account()
        monkeypatch.setattr(units, "CUT_BYTES", 10**9)
        assert ranges == source.account() and ranges.sums.padding

    def test_an_archive_in_runs(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        source.put("b.zip", zipped(*[(f"{n}.eml", attached(UNKNOWN[:n])) for n in range(20)]))
        whole = source.account()
        for name, value in (("CUT_BYTES", 1), ("RUN_MEMBERS", 3)):
            monkeypatch.setattr(_zip_runs, name, value)
        assert source.account() == whole

    def test_what_is_not_reached_yet_is_unread(self, source: Source) -> None:
        whole = source.account()
        line = source.account(parts=slice(0, 2))
        assert 0 < line.sums.parsed < whole.sums.parsed
        assert any(share.state is State.UNREAD and not share.reason for share in line.shares)

    def test_a_file_of_which_all_but_its_record_is_read(self, source: Source) -> None:
        line = source.account(parts=slice(0, -1))
        assert line.sums.unread and not line.excess

    def test_a_range_that_stopped_its_worker_is_told_in_bytes(self, source: Source) -> None:
        line = source.account(skip={"a.mbox": "engine.watchdog"})
        assert bytes_of(line, "engine.watchdog") == line.size and not line.excess


def test_a_file_that_grew_counts_as_it_was_read(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    source.put("a.eml", MAIL)
    planned = list(plan("s", source.folder, Limits(), (), "", "0"))
    monkeypatch.setattr(f"{__name__}.plan", lambda *_: planned)
    source.put("a.eml", MAIL + TEXT)
    assert source.account().sums.parsed == len(MAIL + TEXT)


def test_items_of_earlier_versions_count_as_not_read(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)) + UNKNOWN)
    rows = read(source.folder, source.folder.parent / "tmp")
    older = [msgspec.structs.replace(row, accounts=None) for row in rows]
    line = account_of("s", older)
    assert_sums(line, (source.folder / "a.zip").stat().st_size)
    assert line.unrecorded == 1 and line.sums.partial > len(UNKNOWN)


def test_what_does_not_add_up_is_said(source: Source) -> None:
    source.put("a.eml", MAIL)
    rows = read(source.folder, source.folder.parent / "tmp")
    assert account_of("s", rows, len(MAIL) + 5).difference == -5
    odd = msgspec.structs.replace(rows[0], accounts=[{"kind": "padding", "reason": "free", "size": 10**6}])
    line = account_of("s", [msgspec.convert(msgspec.to_builtins(odd), OccurrenceRow)])
    assert line.excess == 10**6 - len(MAIL) and line.sums.padding == len(MAIL)


def picked(size: int, status: str, *steps: Step, **accounts: int) -> SimpleNamespace:
    """A place below a file of 1000 bytes that is no mail."""
    location = Location(steps=(Step(kind=StepKind.FILE, name="a.pst", start=0, end=1000, source="s"), *steps))
    rows = [{"kind": kind, "reason": "what", "size": many} for kind, many in accounts.items()]
    return SimpleNamespace(
        location=msgspec.json.encode(location).decode(),
        size=size,
        status=status,
        reason="engine.no_parser" if status == "unread" else "",
        media_type=steps[-1].name if steps else "store",
        extension_type="",
        accounts=[msgspec.convert(row, AccountRow) for row in rows],
    )


def test_what_is_picked_from_all_of_a_store_takes_no_bytes_of_others_nor_of_padding() -> None:
    node = [Step(kind=StepKind.NODE, name=name, start=0, end=1000, decoder=f"pst-node/1:{name}") for name in ("a", "b")]
    file = Step(kind=StepKind.STREAM, name="file", start=20, end=120)
    mails = picked(100, "parsed", node[0]), picked(200, "partial", node[1], unread=50, stored=30)
    places = picked(100, "unread", node[1], file), *mails, picked(1000, "parsed", padding=400)
    line = account_of("s", sorted(places, key=lambda place: place.location))
    assert_sums(line, 1000)
    assert (line.shared, line.excess) == (0, 0)
    of = {(share.state, share.media_type): share.size for share in line.shares}
    assert of == {
        (State.PARSED, "store"): 270,
        (State.PADDING, "store"): 400,
        (State.PARSED, "a"): 100,
        (State.PARSED, "b"): 50,
        (State.PARTIAL, "b"): 80,
        (State.UNREAD, "file"): 100,
    }


def test_what_is_picked_from_a_store_counts_in_proportion_where_it_has_fewer_bytes() -> None:
    node = Step(kind=StepKind.NODE, name="a", start=0, end=1000, decoder="pst-node/1:a")
    places = [picked(4000, "partial", node, unread=1000), picked(1000, "parsed", padding=600)]
    line = account_of("s", sorted(places, key=lambda place: place.location))
    assert_sums(line, 1000)
    assert (line.sums.parsed, line.sums.partial, line.sums.padding, line.shared) == (300, 100, 600, 0)


LEAVES = st.sampled_from([MAIL, UNKNOWN, TEXT, b"", b"x", b"\xff\xd8\xff\xd9\0\0", HEAD, b"%PDF-1.4\n%%EOF\n\n"])


def inside(children: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    several = st.lists(children, min_size=1, max_size=3)
    methods = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    archives = st.builds(
        lambda held, method, end: zipped(*[(f"{n}.bin", one) for n, one in enumerate(held)], method=method) + end,
        several,
        methods,
        st.sampled_from([b"", b"\0\0\0", UNKNOWN]),
    )
    return archives | st.builds(attached, children) | st.builds(lambda held: boxed(*held), several)


TREES = st.recursive(LEAVES, inside, max_leaves=8)


@settings(deadline=None, max_examples=60)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_whatever_stands_in_a_source_adds_up(tmp_path_factory: pytest.TempPathFactory, files: list[bytes]) -> None:
    source = Source(tmp_path_factory.mktemp("whole"))
    for n, data in enumerate(files):
        source.put(f"{n}.bin", data)
    line = source.account()
    assert (line.shared, line.excess, line.unrecorded) == (0, 0, 0)


@settings(deadline=None, max_examples=60)
@given(TREES, st.data())
def test_whatever_is_broken_in_a_source_adds_up(
    tmp_path_factory: pytest.TempPathFactory, tree: bytes, data: st.DataObject
) -> None:
    source = Source(tmp_path_factory.mktemp("broken"))
    broken = bytearray(tree[: data.draw(st.integers(0, len(tree)))] if data.draw(st.booleans()) else tree)
    for _ in range(data.draw(st.integers(0, 6)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    source.put("a.bin", bytes(broken))
    source.account(limits=Limits(expansion=100_000, items=12, item_bytes=10**6, depth=4))
