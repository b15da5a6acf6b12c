"""Office documents under a password."""

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Budget, ChildItem, Limits, ParseContext
from forensics.model.locations import Location
from forensics.parsers import decoders
from forensics.parsers.document import _encrypted_office_reading as reading
from forensics.parsers.document import encrypted_office
from forensics.parsers.document._ole2_directory import MAGIC, Directory
from forensics.parsers.identify import identify
from forensics.replay.decoders import closed, decode_range

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def package() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), TYPES)
        archive.writestr(zipfile.ZipInfo("word/document.xml"), "<w/>" * 5000)
    return file.getvalue()


@pytest.fixture(scope="module")
def agile() -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(package())).encrypt("caf\u00e9", out)
    return out.getvalue()


def child(data: bytes, where: Location, *passwords: bytes, budget: Budget | None = None) -> ChildItem:
    context = ParseContext(passwords=passwords, budget=budget)
    (found,) = encrypted_office.parse(MemoryBytes(data), where, context)
    assert isinstance(found, ChildItem)
    if found.content is None:
        assert found.step.sha256 == "" and [notice.unread for notice in found.notices] == [len(data)]
    else:
        replayed = b"".join(replay(data, *passwords))
        assert replayed == found.content and hashlib.sha256(replayed).hexdigest() == found.step.sha256
    return found


def replay(data: bytes, *passwords: bytes) -> Iterator[bytes]:
    return decode_range(decoders(), "office-crypto/1", MemoryBytes(data), 0, len(data), passwords)


def codes(found: ChildItem) -> list[str]:
    return [notice.code for notice in found.notices]


def test_a_package_is_decrypted(agile: bytes, where: Location) -> None:
    assert identify(agile[:4096], MemoryBytes(agile), b"a.docx") == "document.encrypted_office"
    found = child(agile, where, b"wrong", "caf\u00e9".encode())
    assert found.content == package() and found.notices == ()
    assert child(agile, where, b"caf\xe9").content == package()
    held = MemoryBytes(agile)
    for tried, shut in (((), True), ((b"wrong",), True), ((b"wrong", b"caf\xe9"), False)):
        assert closed(decoders(), found.step.decoder, held, 0, held.size, tried) == shut
    assert not closed(decoders(), found.step.decoder, MemoryBytes(b"nothing of the kind"), 0, 19)


@pytest.mark.parametrize(
    ("passwords", "code", "words"),
    [
        ((), "office.encrypted", "no password was given"),
        ((b"wrong",), "office.wrong_password", "the password that was given does not"),
        ((b"wrong", b"\xff\xfe"), "office.wrong_password", "none of 2 passwords"),
    ],
)
def test_no_password_is_told_from_a_wrong_one(
    agile: bytes, where: Location, passwords: tuple[bytes, ...], code: str, words: str
) -> None:
    found = child(agile, where, *passwords)
    assert found.content is None and codes(found) == [code] and words in found.notices[0].text
    assert b"".join(replay(agile, *passwords)) == b""


def test_a_password_that_excel_sets_itself(where: Location) -> None:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(package())).encrypt("VelvetSweatshop", out)
    assert child(out.getvalue(), where).content == package()


def test_passwords_beyond_the_rounds_are_not_tried(
    agile: bytes, where: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROUNDS", 400_000)
    found = child(agile, where, b"1", b"2", "caf\u00e9".encode())
    assert codes(found) == ["office.wrong_password"] and found.notices[0].text.endswith("1 more were not tried")


def test_a_document_that_asks_for_endless_rounds(agile: bytes, where: Location) -> None:
    at = agile.index(b'spinCount="100000"')
    for count in (b'spinCount="9999999', b'spinCount="9e9" x="'):
        many = agile[:at] + count + agile[at + len(count) :]
        assert codes(child(many, where, b"x")) == ["office.encryption"]


def test_changed_data_are_told_and_kept(agile: bytes, where: Location) -> None:
    entry = Directory(MemoryBytes(agile)).find("EncryptedPackage")
    assert entry is not None
    changed = bytearray(agile)
    changed[(entry.start + 1) * 512 + 100] ^= 1
    found = child(bytes(changed), where, "caf\u00e9".encode())
    assert codes(found) == ["office.hmac"] and found.content != package()
    assert found.content is not None and len(found.content) == len(package())


def test_the_limits_of_a_source_file_hold(agile: bytes, where: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(Limits(expansion=10, expansion_ratio=0), 1)
    assert codes(child(agile, where, "caf\u00e9".encode(), budget=budget)) == ["office.expansion_limit"]
    monkeypatch.setattr(reading, "_MOST_BYTES", 1000)
    assert codes(child(agile, where, "caf\u00e9".encode())) == ["office.memory_limit"]


@pytest.mark.parametrize("left", [600, 1024, 1536, 2048, 4096, 6000])
def test_a_file_that_was_cut_off(agile: bytes, where: Location, left: int) -> None:
    found = child(agile[:left], where, "caf\u00e9".encode())
    assert found.content is None or package().startswith(found.content[:16])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), max_size=5),
    cut=st.integers(0, 1 << 20),
)
def test_any_mutation_gives_a_child(agile: bytes, where: Location, flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(agile)
    for place, change in flips:
        data[place % len(data)] ^= change
    broken = bytes(data[: len(data) - cut % 3 * (cut % len(data))])
    encrypted_office.sniff(broken[:4096], MemoryBytes(broken))
    child(broken, where)


def ole(streams: dict[str, bytes], *, root: bytes = b"") -> bytes:
    """An OLE2 file: FAT in sector 0, directory from 1, then the content, and short streams in *root*."""
    names = ["Root Entry", *streams]
    sectors, chains, places = [], {}, {}
    table = [FAT]

    def put(data: bytes) -> int:
        first = len(table)
        count = max(1, -(-len(data) // 512))
        sectors.append(data.ljust(count * 512, b"\0"))
        table.extend([*range(first + 1, first + count), END])
        return first

    directory = put(b"\0" * 128 * len(names))
    places["Root Entry"] = put(root) if root else END
    for name, data in streams.items():
        chains[name] = len(data)
        places[name] = 0 if len(data) < 4096 else put(data)
    entries = b""
    for name in names:
        kind = 5 if name == "Root Entry" else 2
        raw = (name + "\0").encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB3L", len(raw), kind, 1, FREE, FREE, FREE) + bytes(36)
        size = len(root) if kind == 5 else chains[name]
        entries += entry + struct.pack("<LLL", places[name], size, 0)
    sectors[0] = entries.ljust(len(sectors[0]), b"\0")
    fat = struct.pack(f"<{len(table)}L", *table).ljust(512, b"\xff")
    header = MAGIC + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<LLLLLLLLL", 0, 1, directory, 0, 4096, END, 0, END, 0) + struct.pack("<L", 0)
    return header.ljust(512, b"\xff") + fat + b"".join(sectors)


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


BOF = record(0x0809, bytes(16))
TOKEN = b"\xdf\xc4\xd1\xf3"


@pytest.mark.parametrize(
    ("streams", "root", "said"),
    [
        ({"EncryptedPackage": b""}, b"", True),
        ({"encryptedpackage": b""}, b"", True),
        ({"WordDocument": bytes(10) + b"\0\1" + bytes(5000)}, b"", True),
        ({"WordDocument": bytes(10) + b"\0\2" + bytes(5000)}, b"", False),
        ({"Workbook": (BOF + record(0x2F, bytes(6))).ljust(5000, b"\0")}, b"", True),
        ({"Workbook": (BOF + record(0x86, b"") + record(0x2F, bytes(6))).ljust(5000, b"\0")}, b"", True),
        ({"Workbook": (BOF + record(0x0A, b"") + record(0x2F, bytes(6))).ljust(5000, b"\0")}, b"", False),
        ({"Workbook": record(0x2F, bytes(6)).ljust(5000, b"\0")}, b"", False),
        ({"Current User": bytes(40)}, (bytes(12) + TOKEN).ljust(64, b"\0"), True),
        ({"Current User": bytes(40)}, bytes(64), False),
        ({"Current User": bytes(40)}, b"", False),
        ({"Contents": b""}, b"", False),
    ],
)
def test_which_files_say_that_they_are_encrypted(
    streams: dict[str, bytes], root: bytes, said: bool, where: Location
) -> None:
    data = ole(streams, root=root)
    assert {entry.name for entry in Directory(MemoryBytes(data)).entries} == {"Root Entry", *streams}
    assert encrypted_office.sniff(data[:4096], MemoryBytes(data)) is said
    if said:
        assert codes(child(data, where, b"x")) == ["office.encryption"]


def test_a_chain_without_end() -> None:
    data = bytearray(ole({"WordDocument": bytes(9000)}))
    entry = Directory(MemoryBytes(bytes(data))).find("WordDocument")
    assert entry is not None
    struct.pack_into("<L", data, 512 + 4 * (entry.start + 3), entry.start)
    found = Directory(MemoryBytes(bytes(data)))
    assert len(found.beginning(entry, 9000)) == 4 * 512


@given(data=st.binary(max_size=2000))
def test_any_bytes_behind_the_mark(data: bytes) -> None:
    encrypted_office.sniff(MAGIC, MemoryBytes(MAGIC + data))


OPENED = {
    "60320-protected.xlsx": b"Test001!!",
    "extenxls_pwd123.xlsx": b"pwd123",
    "protected_sha512.xlsx": b"this is a test",
    "protected_passtika.xlsb": b"tika",
    "xor-encryption-abc.xls": b"abc",
}


@pytest.mark.parametrize("name", OPENED)
def test_real_documents_open(corpora: Path, where: Location, name: str) -> None:
    (path,) = (corpora / "office" / "poi").rglob(name)
    data = path.read_bytes()
    assert identify(data[:4096], MemoryBytes(data), b"") == "document.encrypted_office"
    found = child(data, where, OPENED[name])
    assert found.content is not None and found.notices == ()
    inner = identify(found.content[:4096], MemoryBytes(found.content), b"")
    assert inner == ("document.ole2" if name.endswith(".xls") else "document.ooxml")


def test_real_documents_without_encryption_are_not_taken(corpora: Path) -> None:
    taken = []
    for path in sorted((corpora / "office").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if data.startswith(MAGIC) and encrypted_office.sniff(data[:4096], MemoryBytes(data)):
                taken.append(path.name)
    assert len(taken) == 8 and set(OPENED) < set(taken)
