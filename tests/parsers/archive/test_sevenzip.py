"""7z archives: facts with their places, files of every method, folders decoded once, and every kind of damage."""

import hashlib
import io
import random
import zlib
from collections.abc import Iterable
from pathlib import Path

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py7zr.io import BytesIOFactory

from forensics.errors import ParseError
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind, unquote
from forensics.model.time_kinds import TimeKind
from forensics.parsers import decoders
from forensics.parsers.archive import _7z_children, _lean, sevenzip
from forensics.parsers.archive._7z_chain import Chain, Node, Packed, chain_of
from forensics.parsers.identify import identify
from forensics.replay.decoders import decode_range
from forensics.replay.walk import walk
from tests.parsers.archive import sevenzips as made
from tests.parsers.archive.sevenzips import Folder, Named

WHERE = Location((Step(kind=StepKind.FILE, name="a.7z", start=0, end=0, source="s"),))
TEXTS = [b"first file " * 40, b"second " * 30, b"third, and the last of them"]
NAMES = [Named("a/first.txt"), Named("second.txt"), Named("third")]
SOLID = made.archive([made.solid(TEXTS)], NAMES)


def replayed(data: bytes, steps: Iterable[Step], passwords: tuple[bytes, ...] = ()) -> bytes:
    for step in steps:
        source = MemoryBytes(data)
        data = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end, passwords))
        assert hashlib.sha256(data).hexdigest() == step.sha256
    return data


def quoted(data: bytes, locator: Locator, passwords: tuple[bytes, ...] = ()) -> bytes:
    layer = replayed(data, locator.steps, passwords)
    return b"".join([layer[start:end] for start, end in locator.ranges])


def bytes_of(child: ChildItem) -> bytes | None:
    content = child.content
    return content if content is None or isinstance(content, bytes) else content.read(0, content.size)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    """Parse, replay every child, and find every fact at its place."""
    found = list(sevenzip.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    facts = next(one for one in found if isinstance(one, ArchiveFacts))
    children = [one for one in found if isinstance(one, ChildItem)]
    passwords: tuple[bytes, ...] = context.get("passwords", ())  # type: ignore[assignment]
    for child in children:
        content = bytes_of(child)
        assert (content is None) == (child.step.sha256 == "")
        if content is not None:
            assert replayed(data, (*child.outer, child.step), passwords) == content
    members = [fact for member in facts.members for fact in (*member.times, *member.said)]
    for fact in (*facts.properties, *members):
        assert quoted(data, fact.locator, passwords) == fact.raw
    return facts, children, [one for one in found if isinstance(one, Notice)]


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


@pytest.mark.parametrize("encode", [False, True])
def test_names_times_attributes_and_contents(encode: bool) -> None:
    files = [*NAMES, Named("empty", empty=True), Named("folder", empty=True, folder=True, attributes=0x10)]
    facts, children, notices = read(made.archive([made.solid(TEXTS)], files, encode=encode))
    assert not notices
    assert [unquote(member.name) for member in facts.members] == [one.name.encode() for one in files]
    assert [bytes_of(child) for child in children] == [*TEXTS, b""]
    assert [member.size for member in facts.members] == [*map(len, TEXTS), 0, 0]
    assert facts.members[1].crc32 == zlib.crc32(TEXTS[1])
    (stamp,) = facts.members[0].times
    assert (stamp.instant, stamp.kind, stamp.clock) == (
        14677184020000000,
        TimeKind.SEVENZIP_FILETIME,
        ClockKind.FILE_SYSTEM,
    )
    assert stamp.description is Description.MODIFICATION and stamp.offset_s is Absence.NOT_APPLICABLE
    assert [fact.value for fact in facts.members[0].said] == ["LZMA2 (dictionary 262144)", "0x00000020: archive"]
    assert bool(stamp.locator.steps) is encode
    assert "7z.archive.dummy" in [fact.name for fact in facts.properties]
    assert children[0].name == b"first.txt" and children[0].times == (stamp,)


def test_a_solid_folder_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    unpacked = _7z_children.unpacked
    monkeypatch.setattr(_7z_children, "unpacked", lambda *given: runs.append(given[2]) or unpacked(*given))
    texts = [b"%d" % place * 20 for place in range(300)]
    data = made.archive([made.solid(texts[:200]), made.solid(texts[200:])], [Named(f"{place}") for place in range(300)])
    _, children, _ = read(data)
    assert [bytes_of(child) for child in children] == texts
    assert len(runs) == 2 and len({child.outer for child in children}) == 2


def test_a_location_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "a.7z"
    path.write_bytes(SOLID)
    _, children, _ = read(SOLID)
    top = Step(kind=StepKind.FILE, name="a.7z", start=0, end=len(SOLID), source="s")
    location = Location((top, *children[1].outer, children[1].step))
    with walk(location, tmp_path, decoders()) as layer:
        assert layer.read(0, layer.size) == TEXTS[1]
    assert location.text == "a.7z > stream:folder[0] > second.txt"


X86 = b"".join(
    [b"\x55\x8b\xec\xe8" + (1000 + 7 * place).to_bytes(4, "little") + b"\x0f\x84\x10\0\0\0" for place in range(900)]
)
FILTERS = {
    "copy": [{"id": py7zr.FILTER_COPY}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "delta": [{"id": py7zr.FILTER_DELTA, "dist": 3}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA, "preset": 1}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "deflate64": [{"id": py7zr.properties.FILTER_DEFLATE64}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "brotli": [{"id": py7zr.FILTER_BROTLI, "level": 3}],
}


def written(
    filters: list[dict[str, object]] | None, texts: list[bytes], password: str | None = None, **more: object
) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters, password=password, **more) as archive:  # type: ignore[arg-type]
        for place, text in enumerate(texts):
            archive.writestr(text, f"{place}.bin")
    return out.getvalue()


@pytest.mark.parametrize("name", FILTERS)
def test_every_method_of_another_writer(name: str) -> None:
    texts = [X86, random.Random(1).randbytes(30_000) + b"x" * 70_000, b"last"]
    _, children, notices = read(written(FILTERS[name], texts))
    assert not notices and [bytes_of(child) for child in children] == texts
    assert not [code for child in children for code in codes(child)]


def test_bcj2_puts_calls_and_jumps_back() -> None:
    program = X86 + b"\xe9\xff\xff\xff\0" * 30 + random.Random(2).randbytes(20_000).replace(b"\x11", b"\xe8")
    streams = made.bcj2(program)
    coder = made.number(1) + b"\x14\x03\x03\x01\x1b" + made.number(4) + made.number(1)
    folder = Folder([program], coder + bytes((0, 1, 2, 3)), streams)
    _, children, notices = read(made.archive([folder], [Named("a.exe")]))
    assert not notices and bytes_of(children[0]) == program and not codes(children[0])


ENCRYPTED = written(
    [{"id": py7zr.FILTER_LZMA2, "preset": 1}, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}], TEXTS, "geheim"
)
LOCKED = written(None, TEXTS, "geheim", header_encryption=True)


@pytest.mark.parametrize("data", [ENCRYPTED, LOCKED])
def test_the_right_password_is_told_by_the_checksum(data: bytes) -> None:
    facts, children, notices = read(data, passwords=(b"wrong", b"geheim"))
    assert not notices and [bytes_of(child) for child in children] == TEXTS
    assert all(member.encrypted for member in facts.members)


@pytest.mark.parametrize(("passwords", "words"), [((), "no password was given"), ((b"wrong",), "no given password")])
def test_what_no_password_opens_is_said(passwords: tuple[bytes, ...], words: str) -> None:
    _, children, _ = read(ENCRYPTED, passwords=passwords)
    assert len(children) == 3 and not any(child.content for child in children)
    assert all(child.notices[0].code == "7z.encrypted" and words in child.notices[0].text for child in children)
    assert 0 < sum(child.notices[0].unread for child in children) <= len(ENCRYPTED)
    facts, children, (notice,) = read(LOCKED, passwords=passwords)
    assert not facts.members and not children
    assert notice.code == "7z.encrypted" and words in notice.text and notice.unread == len(LOCKED) - 32


def test_damage_in_a_folder_leaves_what_comes_before() -> None:
    texts = [random.Random(place).randbytes(50_000) for place in range(4)]
    data = bytearray(made.archive([made.solid(texts)], [Named(f"{place}") for place in range(4)]))
    packed = len(made.lzma2(b"".join(texts)))
    data[32 + 3 * packed // 4 : 32 + packed - 10] = b"\xff" * (packed - 10 - 3 * packed // 4)
    _, children, _ = read(bytes(data))
    assert [bytes_of(child) for child in children[:2]] == texts[:2]
    assert codes(children[3]) == ["7z.damaged"] and children[3].notices[0].unread
    assert 0 < len(bytes_of(children[3]) or b"") < 50_000


def test_a_wrong_checksum_is_said_and_the_bytes_are_kept() -> None:
    data = bytearray(made.archive([Folder([b"abcdef"])], [Named("a")]))
    data[33] ^= 1
    _, (child,), _ = read(bytes(data))
    assert codes(child) == ["7z.crc"] and bytes_of(child) == b"accdef"


@pytest.mark.parametrize("size", range(0, len(SOLID), 7))
def test_a_truncated_archive_says_what_is_lost(size: int) -> None:
    if size < len(made.SIGNATURE) - 2:
        with pytest.raises(ParseError):
            read(SOLID[:size])
        return
    _, children, notices = read(SOLID[:size])
    assert not children and "7z.truncated" in [notice.code for notice in notices]
    assert sum(notice.unread for notice in notices) == max(0, size - 32)


def test_a_split_archive_is_told() -> None:
    _, _, (notice,) = read(SOLID[:-5])
    assert "a part of one that was split" in notice.text


@pytest.mark.parametrize("place", range(len(SOLID)))
def test_every_byte_may_be_wrong(place: int) -> None:
    data = bytearray(SOLID)
    data[place] ^= 0x5A
    if place >= 6:
        read(bytes(data))


def test_names_that_mislead() -> None:
    names = ["../x", "/abs", "a\nb", "a\u202eb", "", "\ud800half"]
    files = [Named(name) for name in names]
    _, children, _ = read(made.archive([Folder([b"x"] * 6)], files))
    assert [codes(child) for child in children] == [
        ["7z.name_path"],
        ["7z.name_path"],
        ["7z.name_control"],
        ["7z.name_hidden"],
        ["7z.name_empty"],
        [],
    ]
    assert children[2].step.name == "a%0Ab" and children[5].name == "\ud800half".encode("utf-8", "surrogatepass")


def test_links_and_files_to_be_deleted() -> None:
    link = Named("link", attributes=0x8000 | 0o120777 << 16)
    files = [link, Named("gone", empty=True, anti=True)]
    facts, (child,), _ = read(made.archive([Folder([b"/etc/target"])], files))
    assert codes(child) == ["7z.symlink"] and bytes_of(child) == b"/etc/target"
    assert "lrwxrwxrwx" in facts.members[0].said[1].value
    assert [fact.name for fact in facts.members[1].said] == ["7z.member.attributes", "7z.member.anti"]


def test_bytes_beside_the_structures() -> None:
    packed, described = made.streams([Folder([b"abc"])], position=4)
    header = b"\x01\x04" + described + made.listed([Named("a")]) + b"\0"
    data = made.closed(b"junk" + packed, header) + b"%PDF-1.4 and more"
    facts, children, notices = read(data)
    assert [bytes_of(child) for child in children] == [b"abc", b"%PDF-1.4 and more"]
    assert facts.gaps == ((32, 36), (len(data) - 17, len(data)))
    assert [(notice.code, notice.unread) for notice in notices] == [("7z.gap", 4), ("7z.gap", 0)]


@pytest.mark.parametrize("opening", [b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe"])
def test_an_archive_behind_a_program(opening: bytes) -> None:
    program = opening + bytes(3000) + made.SIGNATURE + bytes(500)
    assert identify(program[:4096], MemoryBytes(program), b"a.exe") is None
    data = program + SOLID
    assert identify(data[:4096], MemoryBytes(data), b"a.exe") == "archive.sevenzip"
    _, children, (notice,) = read(data)
    assert [bytes_of(child) for child in children] == TEXTS
    assert notice.code == "7z.shifted" and notice.unread == len(program)


def test_lies_about_counts_and_sizes() -> None:
    good = b"\x01\x04" + made.streams([Folder([b"abc"])])[1] + made.listed([Named("a")]) + b"\0"
    many = b"\x01\x05" + made.number(1 << 40) + b"\0\0"
    cases = [
        b"\x01\x04\x06" + made.number(1 << 60) + made.number(1 << 60) + b"\x09",
        b"\x01\x04\x07\x0b" + made.number(1 << 30) + b"\0",
        many,
        good.replace(b"\x09\x03\0", b"\x09\xbf\xff\0", 1),
        b"\x01" + b"\x07" * 40,
        good[:-40],
    ]
    for header in cases:
        facts, _, notices = read(made.closed(b"abc", header))
        assert notices, header
        assert len(facts.members) <= 1
    _, _, (*_, notice) = read(made.closed(b"", many))
    assert notice.code == "7z.header" and 0 < notice.unread < len(many)


def test_filling_between_the_structures_is_padding() -> None:
    packed, described = made.streams([Folder([b"abc"])], position=4)
    data = made.closed(bytes(4) + packed, b"\x01\x04" + described + made.listed([Named("a")]) + b"\0")
    found = list(sevenzip.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert [(one.code, one.unread) for one in found if isinstance(one, Notice)] == [("7z.gap", 0)]
    assert [one.size for one in found if isinstance(one, Padding)] == [4]


def test_coders_that_feed_each_other_in_a_circle() -> None:
    circle = made.number(3) + made.COPY * 3 + bytes((0, 1, 1, 0))
    folder = Folder([b"abc"], circle, [b"abc"], [3, 3, 3])
    _, (child,), _ = read(made.archive([folder], [Named("a")]))
    assert codes(child) == ["7z.header"] and "circle" in child.notices[0].text


def limited(**limits: int) -> ParseContext:
    return ParseContext(limits=Limits(**limits))


def test_what_does_not_fit_the_budget_is_left_and_the_files_before_it_are_read() -> None:
    texts = [bytes((place,)) * 400 for place in range(5)]
    data = made.archive([made.solid(texts)], [Named(f"{place}") for place in range(5)], encode=False)
    _, children, _ = read(data, limits=Limits(expansion=1000, expansion_ratio=1))
    assert [bytes_of(child) for child in children[:2]] == texts[:2]
    assert [codes(child) for child in children] == [[], [], *[["7z.expansion_limit"]] * 3]


def test_limits_have_names() -> None:
    data = made.archive([made.solid([bytes(3_000_000)])], [Named("bomb")])
    _, (child,), _ = read(data, limits=Limits(memory_bytes=1_000_000))
    assert codes(child) == ["7z.ratio_limit"]
    _, (child,), _ = read(made.archive([Folder([bytes(2_000)])], [Named("x")]), limits=Limits(memory_bytes=1_000))
    assert codes(child) == ["7z.memory_limit"]
    _, children, (notice,) = read(SOLID, limits=Limits(members=1))
    assert len(children) == 1 and notice.code == "7z.members_limit"
    lzma = made.number(1) + b"\x23\x03\x01\x01\x05\x5d\xff\xff\xff\x7f"
    _, (child,), _ = read(made.archive([Folder([b"x"], lzma, [b"x"], [1 << 29])], [Named("x")], encode=False))
    assert codes(child)[0] in ("7z.dictionary_limit", "7z.expansion_limit")
    aes = made.number(1) + b"\x24\x06\xf1\x07\x01\x01\x20"
    _, (child,), _ = read(made.archive([Folder([bytes(16)], aes)], [Named("x")]), passwords=(b"a",))
    assert codes(child) == ["7z.cycles_limit"]
    odd = made.number(1) + b"\x02\x77\x01"
    _, (child,), _ = read(made.archive([Folder([b"abc"], odd)], [Named("x")]))
    assert codes(child) == ["7z.method"] and child.notices[0].unread == 3


def test_facts_of_very_many_files_are_kept_to_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, said, times in ((3_500, 2, 1), (2_500, 0, 1)):
        monkeypatch.setattr(_lean, "ROW_BYTES", most)
        facts, children, notices = read(made.archive([made.solid(TEXTS)], NAMES, encode=False))
        assert {(len(member.said), len(member.times)) for member in facts.members} == {(said, times)}
        assert [notice.code for notice in notices] == ([] if said else ["7z.facts_limit"])
        assert all(len(child.times) == 1 for child in children)


def test_a_large_folder_is_spooled_and_its_files_are_windows() -> None:
    kept: list[bytes] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        kept.append(b"".join(chunks))
        return MemoryBytes(kept[-1])

    texts = [random.Random(place).randbytes(40_000) for place in range(3)]
    data = made.archive([made.solid(texts)], [Named(f"{place}") for place in range(3)])
    _, children, _ = read(data, limits=Limits(memory_bytes=100_000), spool=spool)
    assert kept == [b"".join(texts)]
    assert all(isinstance(child.content, RangeBytes) for child in children)


def test_the_text_of_a_chain_reads_back() -> None:
    inner = Node(b"\x03\x01\x01", b"\x5d\0\0\1\0", 99, (Packed(0, 50),))
    chain = Chain(Node(b"\3\3\1\x1b", b"", 100, (inner, Packed(50, 60), Packed(60, 70), Packed(70, 75))), 0x1234, 9)
    assert chain_of(chain.text) == chain
    for text in (
        "",
        "21",
        "21~5",
        "21~5(",
        "21~5(@0-3",
        "21~5(@0-3))",
        "21~5()=",
        "(@0-1)",
        "21~5(@0-3)=123.4",
        "2~5()",
    ):
        assert chain_of(text) is None, text
        assert not b"".join(decode_range(decoders(), f"7z/1:{text}", MemoryBytes(b"abc"), 0, 3))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_end(data: st.DataObject) -> None:
    body = bytearray(SOLID if data.draw(st.booleans()) else made.archive([made.solid(TEXTS)], NAMES, encode=False))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(12, len(body) - 1))
        body[place] = data.draw(st.integers(0, 255))
    start = bytes(body[12:32])
    body[8:12] = zlib.crc32(start).to_bytes(4, "little")
    read(bytes(body))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_header_ends(header: bytes) -> None:
    read(made.closed(b"packed bytes", b"\x01" + header))


def test_real_archives_agree_with_a_second_reader(corpora: Path) -> None:
    compared = 0
    for path in sorted((corpora / "archive").rglob("*.7z")):
        data = path.read_bytes()
        facts, children, _ = read(data)
        try:
            with py7zr.SevenZipFile(io.BytesIO(data)) as other:
                listed = other.list()
                factory = BytesIOFactory(1 << 28)
                other.reset()
                other.extract(path="/x", factory=factory)
        except (py7zr.exceptions.ArchiveError, py7zr.exceptions.PasswordRequired):
            continue
        assert [unquote(member.name).decode() for member in facts.members] == [one.filename for one in listed]
        contents = {facts.members[child.step.index or 0].name: bytes_of(child) for child in children if child.outer}
        for name, content in contents.items():
            product = factory.products[f"/x/{unquote(name).decode()}"]
            product.seek(0)
            assert product.read() == content
            compared += 1
    assert compared > 60
