"""Compound files: streams in their places, trees that lie, and frames of storages."""

import random
from typing import Any

import olefile
import pytest

from forensics.errors import Malformed
from forensics.model.byte_sources import MemoryBytes
from forensics.parsers._compound import FRAME, frame, inner, open_storage
from forensics.parsers._compound_file import CompoundFile
from forensics.parsers._compound_tree import STREAM, Pieces
from tests.parsers.compound_files import Tree, compound

TREE: dict[str, Any] = {
    "small": b"few bytes",
    "large": bytes(range(256)) * 40,
    "empty": b"",
    "fol/der%>": {"\x05Name": b"x" * 700, "deeper": {"last": b"y" * 5000}},
}


def streams(data: bytes) -> dict[str, bytes]:
    source = MemoryBytes(data)
    found = {}
    for path, node in open_storage(source).nodes.items():
        if node.kind == STREAM:
            pieces = Pieces(source, node.ranges)
            found[path] = pieces.read(0, pieces.size)
    return found


def flat(tree: Tree, above: str = "") -> dict[str, bytes]:
    names = {"fol/der%>": "fol%2Fder%25%3E", "\x05Name": "%05Name"}
    found: dict[str, bytes] = {}
    for name, held in tree.items():
        path = above + names.get(name, name)
        found |= {path: held} if isinstance(held, bytes) else flat(held, path + "/")
    return found


@pytest.mark.parametrize("scattered", [False, True])
def test_every_stream_is_what_it_was(scattered: bool) -> None:
    data = compound(TREE, scattered=scattered)
    assert streams(data) == flat(TREE)
    with olefile.OleFileIO(data) as other:
        assert other.openstream("large").read() == TREE["large"]


def test_pieces_are_read_as_one() -> None:
    data = compound(TREE, scattered=True)
    node = open_storage(MemoryBytes(data)).nodes["large"]
    pieces, whole = Pieces(MemoryBytes(data), node.ranges), TREE["large"]
    assert len(node.ranges) > 10
    for _ in range(50):
        start, end = sorted(random.Random(7).choices(range(pieces.size), k=2))
        assert pieces.read(start, end) == whole[start:end]


def test_a_frame_holds_a_storage() -> None:
    data = compound(TREE)
    storage = open_storage(MemoryBytes(data))
    made = b"".join(frame(MemoryBytes(data), inner(storage, "fol%2Fder%25%3E")))
    assert made.startswith(FRAME) and streams(made) == flat(TREE["fol/der%>"])
    again = open_storage(MemoryBytes(made))
    assert again.framed and b"".join(frame(MemoryBytes(made), inner(again, "deeper"))).startswith(FRAME)
    for cut in range(len(made)):
        try:
            open_storage(MemoryBytes(made[:cut]))
        except Malformed:
            continue


@pytest.mark.parametrize("cut", [0, 8, 300, 511, 512, 900])
def test_a_file_without_directory_is_refused(cut: int) -> None:
    with pytest.raises(Malformed):
        open_storage(MemoryBytes(compound(TREE)[:cut]))


def test_trees_that_lie_end() -> None:
    data = compound({f"s{place}": b"x" for place in range(6)})
    first = data.index("s0".encode("utf-16-le"))
    for field in (68, 72, 76):
        for number in (0, 1, 3, 0x7FFFFFFF):
            broken = bytearray(data)
            broken[first + field : first + field + 4] = number.to_bytes(4, "little")
            found = open_storage(MemoryBytes(bytes(broken)))
            assert len(found.nodes) <= 8


def test_entries_that_nothing_leads_to_are_told() -> None:
    data = bytearray(compound({"one": b"x" * 100, "two": b"y" * 200}))
    at = data.index("one".encode("utf-16-le"))
    data[at + 72 : at + 76] = b"\xff" * 4
    found = open_storage(MemoryBytes(bytes(data)))
    assert found.unreached == 200 and "no storage leads to" in found.faults[0][0]


@pytest.mark.parametrize(("size", "spans"), [(4000, "_mini_spans"), (9000, "_spans")])
def test_streams_that_all_claim_the_same_sectors_end(size: int, spans: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"s{place:03}" for place in range(400)]
    data = bytearray(compound(dict.fromkeys(names, b"x") | {"last": b"y" * size}))
    last = data.index("last".encode("utf-16-le"))
    for name in names:
        at = data.index(name.encode("utf-16-le"))
        data[at + 116 : at + 124] = data[last + 116 : last + 124]
    followed = []
    real = getattr(CompoundFile, spans)
    monkeypatch.setattr(CompoundFile, spans, lambda *given: followed.append(1) or real(*given))
    found = open_storage(MemoryBytes(bytes(data)))
    assert len(found.nodes) == 402 and sum(node.held for node in found.nodes.values()) <= len(data)
    assert 1 < len(followed) < 200


def test_what_nothing_leads_to_is_no_more_than_there_is() -> None:
    names = [f"s{place}" for place in range(9)]
    data = bytearray(compound(dict.fromkeys(names, b"x") | {"last": b"y" * 9000}))
    first, last = data.index("s0".encode("utf-16-le")), data.index("last".encode("utf-16-le"))
    data[first + 72 : first + 76] = b"\xff" * 4
    for name in names[1:]:
        at = data.index(name.encode("utf-16-le"))
        data[at + 116 : at + 124] = data[last + 116 : last + 124]
    found = open_storage(MemoryBytes(bytes(data)))
    assert list(found.nodes) == ["", "s0"] and 9000 < found.unreached < len(data)


def test_one_name_twice() -> None:
    data = bytearray(compound({"one": b"x", "two": b"y"}))
    at = data.index("two".encode("utf-16-le"))
    data[at : at + 6] = "one".encode("utf-16-le")
    found = open_storage(MemoryBytes(bytes(data)))
    assert "two entries" in found.faults[0][0] and list(found.nodes) == ["", "one"]
