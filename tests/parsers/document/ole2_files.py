"""Old Office documents made for tests: property sets, and what Word, Excel and PowerPoint keep beside them."""

import struct
from collections.abc import Mapping, Sequence

from tests.parsers.compound_files import Tree, compound

SUMMARY_ID = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
DOCUMENT_ID = bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae")
USER_ID = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
EPOCH = 116_444_736_000_000_000
MADE, SAVED = 1_252_040_280, 1_252_325_400
"""2009-09-04 04:58 and 2009-09-07 12:10, UTC."""
GUID = "{A9B1A422-A7F0-11D7-9324-00504E03A9E5}"


def text(value: str, codec: str = "cp1252") -> bytes:
    raw = value.encode(codec) + b"\0"
    return struct.pack("<II", 0x1E, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")


def wide(value: str) -> bytes:
    raw = value.encode("utf-16-le") + b"\0\0"
    return struct.pack("<II", 0x1F, len(raw) // 2) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")


def number(value: int, kind: int = 3) -> bytes:
    return struct.pack("<Ii", kind, value)


def when(seconds: int, ticks: int = 0) -> bytes:
    return struct.pack("<IQ", 0x40, seconds * 10_000_000 + ticks + EPOCH)


def lasting(seconds: int) -> bytes:
    return struct.pack("<IQ", 0x40, seconds * 10_000_000)


def blob(raw: bytes) -> bytes:
    return struct.pack("<II", 0x41, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")


def names(entries: Mapping[int, str]) -> bytes:
    made = struct.pack("<I", len(entries))
    for key, name in entries.items():
        raw = name.encode("cp1252") + b"\0"
        made += struct.pack("<II", key, len(raw)) + raw
    return made.ljust(-(-len(made) // 4) * 4, b"\0")


def one_set(values: Mapping[int, bytes]) -> bytes:
    at, table, body = 8 + 8 * len(values), b"", b""
    for key, value in values.items():
        table += struct.pack("<II", key, at + len(body))
        body += value
    return struct.pack("<II", at + len(body), len(values)) + table + body


def sets(*found: tuple[bytes, Mapping[int, bytes]], system: int = 0x00020105) -> bytes:
    head = struct.pack("<HHI16sI", 0xFFFE, 0, system, bytes(16), len(found))
    at, table, body = len(head) + 20 * len(found), b"", b""
    for format_id, values in found:
        table += format_id + struct.pack("<I", at + len(body))
        body += one_set(values)
    return head + table + body


SUMMARY: Mapping[int, bytes] = {
    1: number(1252, 2),
    2: text("Notes"),
    4: text("Ada Lind"),
    7: text("Normal.dot"),
    8: text("Cem \xd6z"),
    9: text("3"),
    10: lasting(3 * 3600 + 7 * 60),
    11: lasting(0),
    12: when(MADE),
    13: when(SAVED),
    18: text("Microsoft Office Word"),
}
DOCUMENT: Mapping[int, bytes] = {1: number(1252, 2), 15: text("Example"), 23: number(0x000B270F)}
OWN: Mapping[int, bytes] = {
    0: names({2: "_PID_GUID", 3: "Project", 4: "Checked", 5: "_PID_HLINKS", 6: "Icon"}),
    1: number(1252, 2),
    2: blob((GUID + "\0").encode("utf-16-le")),
    3: text("Blue"),
    4: when(MADE + 30),
    5: blob(b"links"),
    6: blob(b"image"),
}


def dttm(year: int, month: int, day: int, hour: int, minute: int) -> int:
    return minute | hour << 6 | day << 11 | month << 16 | (year - 1900) << 20


def pieces(parts: Sequence[tuple[str, bool, int]]) -> bytes:
    """A Clx of texts: each with whether it takes a byte a character, and where it stands in the stream."""
    ends, size = [0], 0
    for said, _, _ in parts:
        size += len(said)
        ends.append(size)
    table = struct.pack(f"<{len(ends)}I", *ends)
    for _, narrow, at in parts:
        table += struct.pack("<HIH", 0, (at * 2 | 0x40000000) if narrow else at, 0)
    return b"\1" + struct.pack("<H", 2) + b"\0\0" + b"\2" + struct.pack("<I", len(table)) + table


def saved_by(*pairs: tuple[str, str]) -> bytes:
    made = struct.pack("<HHH", 0xFFFF, 2 * len(pairs), 0)
    for said in [one for pair in pairs for one in pair]:
        made += struct.pack("<H", len(said)) + said.encode("utf-16-le")
    return made


def word(
    first: str = "Dear Sir,\r",
    second: str = "\u0416\u0443\u043a\r",
    *,
    newer: int = 0x010C,
    made: int = dttm(2009, 9, 4, 8, 58),
    saved: int = dttm(2009, 9, 7, 16, 10),
    table_name: str = "1Table",
    product: int = 0,
) -> Tree:
    """A Word document: two pieces of text, its times in local time, who saved it where."""
    text_at = 1024
    dop = bytearray(500)
    struct.pack_into("<IIIHI", dop, 0x14, made, saved, 0, 3, 187)
    clx = pieces([(first, True, text_at), (second, False, text_at + 512)])
    savers = saved_by(("Ada Lind", "C:\\a.doc"), ("Cem \xd6z", "D:\\b.doc"))
    table = bytes(dop) + clx + savers
    head = struct.pack("<HHHHHH", 0xA5EC, 0x00C1, product, 1033, 0, 0x0200 if table_name == "1Table" else 0).ljust(
        32, b"\0"
    )
    longs = [0] * 22
    longs[3] = len(first) + len(second)
    pairs = [(0, 0)] * 93
    pairs[31] = (0, len(dop))
    pairs[33] = (len(dop), len(clx))
    pairs[71] = (len(dop) + len(clx), len(savers))
    if product:
        longs[1] = longs[2] = 0x13A13
    marks = [0x6A62, 0x6A62, 0x5071, 0x5071] if product else []
    head += struct.pack("<H14H", 14, *marks, *[0] * (14 - len(marks))) + struct.pack("<H22I", 22, *longs)
    head += struct.pack("<H", len(pairs)) + b"".join(struct.pack("<II", *pair) for pair in pairs)
    head += struct.pack("<HHHHH", 4, newer, 0, 0, 0) if newer else struct.pack("<H", 0)
    body = bytearray(head.ljust(5000, b"\0"))
    body[text_at : text_at + len(first)] = first.encode("cp1252")
    body[text_at + 512 : text_at + 512 + 2 * len(second)] = second.encode("utf-16-le")
    return {"WordDocument": bytes(body), table_name: table}


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def bof(kind: int = 5, last: int = 3) -> bytes:
    return record(0x0809, struct.pack("<HHHHIBBH", 0x0600, kind, 8211, 1997, last << 14, 6, last, 0))


def shared(*texts: str) -> bytes:
    """A table of shared strings, one byte a character where that holds them."""
    made = struct.pack("<II", len(texts), len(texts))
    for one in texts:
        narrow = all(ord(letter) < 256 for letter in one)
        made += struct.pack("<HB", len(one), not narrow) + one.encode("latin-1" if narrow else "utf-16-le")
    return made


def sheet_name(name: str) -> bytes:
    return record(0x85, struct.pack("<IHBB", 0, 0, len(name), 0) + name.encode("latin-1"))


def workbook(user: str = "Cem \xd6z", *, cells: bytes = b"", strings: bytes = b"", last: int = 3) -> bytes:
    name = struct.pack("<HB", len(user), 0) + user.encode("latin-1")
    made = bof(last=last) + record(0x5C, name.ljust(112, b" ")) + record(0x42, struct.pack("<H", 1252))
    made += sheet_name("One") + record(0x8C, struct.pack("<HH", 49, 49)) + strings + record(0x0A)
    return made + bof(0x10) + cells + record(0x0A)


def atom(kind: int, content: bytes, *, container: bool = False) -> bytes:
    return struct.pack("<HHI", 0x0F if container else 0, kind, len(content)) + content


def slides(*said: str, saves: int = 2, build: int = 0) -> Tree:
    """A presentation: texts of one slide, and as many saves one behind the other."""
    texts = b"".join(atom(0x0FA0, one.encode("utf-16-le")) for one in said)
    document = atom(0x03EE, texts + atom(0x0FA8, b"plain"), container=True)
    last = 0
    for _ in range(saves):
        at = len(document)
        document += atom(0x0FF5, struct.pack("<IHBBII", 256, build, 0, 3, last, 0).ljust(28, b"\0"))
        last = at
    user = "Cem \xd6z"
    held = struct.pack("<IIIHHBBH", 20, 0xE391C05F, last, len(user), 1012, 3, 0, 0)
    held += user.encode("cp1252") + struct.pack("<I", 8) + user.encode("utf-16-le")
    return {"PowerPoint Document": document, "Current User": atom(0x0FF6, held)}


def old(
    own: Tree | None = None,
    *,
    summary: Mapping[int, bytes] | None = None,
    document: Mapping[int, bytes] | None = None,
    user: Mapping[int, bytes] | None = None,
    system: int = 0x00020105,
    scattered: bool = False,
    **more: bytes,
) -> bytes:
    """A compound file with property sets and what a program keeps beside them."""
    tree: dict[str, object] = {
        "\5SummaryInformation": sets((SUMMARY_ID, SUMMARY | (summary or {})), system=system),
        "\5DocumentSummaryInformation": sets(
            (DOCUMENT_ID, DOCUMENT | (document or {})), (USER_ID, OWN | (user or {})), system=system
        ),
    }
    return compound({**tree, **(word() if own is None else own), **more}, scattered=scattered)  # type: ignore[dict-item]


def cell(kind: int, row: int, column: int, content: bytes) -> bytes:
    return record(kind, struct.pack("<HHH", row, column, 0) + content)
