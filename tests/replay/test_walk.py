import base64
import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forensics.replay.walk as module
from forensics.errors import IntakeError, IntegrityError
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoders
from forensics.model.items import Limits
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.parsers import decoders
from forensics.replay.walk import Replayer, walk


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_step(name: bytes, data: bytes) -> Step:
    return Step(kind=StepKind.FILE, name=quote(name), start=0, end=len(data), sha256=sha(data), source="leak")


def part(start: int, end: int, decoder: str, inner: bytes) -> Step:
    return Step(kind=StepKind.STREAM, name="x", start=start, end=end, decoder=decoder, sha256=sha(inner))


def content(source: ByteSource) -> bytes:
    return source.read(0, source.size)


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


ENCODERS = {
    "copy/1": lambda data: data,
    "base64/1": base64.encodebytes,
    "deflate/1": deflated,
    "zlib/1": zlib.compress,
    "mboxrd/1": lambda data: data.replace(b"From ", b"From_"),
}


@settings(max_examples=60, deadline=None)
@given(
    data=st.binary(max_size=200),
    layers=st.lists(
        st.tuples(st.sampled_from(sorted(ENCODERS)), st.binary(max_size=9), st.binary(max_size=9)), max_size=5
    ),
    name=st.binary(min_size=1, max_size=9).filter(lambda raw: not {b"/", b"\0"} & {bytes([byte]) for byte in raw}),
)
def test_what_was_encoded_is_replayed(
    tmp_path_factory: pytest.TempPathFactory,
    data: bytes,
    layers: list[tuple[str, bytes, bytes]],
    name: bytes,
) -> None:
    """Any item, packed into any layers with anything around it, comes back as it was."""
    if name in (b".", b".."):
        return
    inner, steps = data, []
    if any(decoder == "mboxrd/1" for decoder, _, _ in layers):
        inner = data = data.replace(b"From ", b"From_")
    for decoder, before, after in layers:
        if decoder == "mboxrd/1" and b"From " in inner:
            continue
        packed = ENCODERS[decoder](inner)
        steps.insert(0, part(len(before), len(before) + len(packed), decoder, inner))
        inner = before + packed + after
    root = os.fsencode(tmp_path_factory.mktemp("source"))
    with open(root + b"/" + name, "wb") as file:  # noqa: PTH123  raw bytes of a name
        file.write(inner)
    chain = (file_step(name, inner), *steps)
    with Replayer(Path(os.fsdecode(root)), decoders()) as replayer:
        for _ in range(2):
            assert content(replayer.layer(chain)) == data
    with walk(Location(chain), Path(os.fsdecode(root)), decoders()) as source:
        assert source.size == len(data)
        assert source.read(1, 3) == data[1:3]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "leak" / "in").mkdir(parents=True)
    (tmp_path / "leak" / "in" / "a.txt").write_bytes(b"head " + deflated(b"inner") + b" tail")
    (tmp_path / "outside.txt").write_bytes(b"outside")
    (tmp_path / "leak" / "link.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "leak" / "linked").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "leak" / "pipe")
    return tmp_path / "leak"


def test_a_source_that_is_a_file(source: Path) -> None:
    data = (source / "in" / "a.txt").read_bytes()
    with walk(Location((file_step(b"renamed.txt", data),)), source / "in" / "a.txt", decoders()) as found:
        assert content(found) == data


@pytest.mark.parametrize(
    "name",
    [
        b"../outside.txt",
        b"in/../../outside.txt",
        b"/etc/hostname",
        b"in//a.txt",
        b"./in/a.txt",
        b"in/a.txt/",
        b"",
        b"in\0/a.txt",
        b"link.txt",
        b"linked/outside.txt",
        b"linked/leak/in/a.txt",
        b"in",
        b"pipe",
        b"none",
        b"none/a.txt",
    ],
)
def test_no_step_leaves_the_source(name: bytes, source: Path) -> None:
    step = Step(kind=StepKind.FILE, name=quote(name), start=0, end=7, source="leak")
    with pytest.raises(IntakeError), walk(Location((step,)), source, decoders()):
        pass
    with pytest.raises(IntakeError), Replayer(source, decoders()) as replayer:
        replayer.file_digest(quote(name))


def test_a_name_that_is_not_encoded_as_it_should(source: Path) -> None:
    for name in ("%", "%zz", "☃"):
        step = Step(kind=StepKind.FILE, name=name, start=0, end=7, source="leak")
        with pytest.raises(IntakeError), walk(Location((step,)), source, decoders()):
            pass


def test_what_does_not_match(source: Path) -> None:
    data = (source / "in" / "a.txt").read_bytes()
    good = file_step(b"in/a.txt", data)
    end = len(data) - 5
    for chain, text in (
        ((), "begins with its file"),
        ((part(0, 4, "copy/1", b"head"),), "begins with its file"),
        ((good, good), "names no other"),
        ((file_step(b"in/a.txt", data[:-1]),), "bytes"),
        ((file_step(b"in/a.txt", data[:-1] + b"!"),), "not the one"),
        ((good, part(0, 4, "copy/1", b"Head")), "other bytes"),
        ((good, part(5, end, "deflate/1", b"Inner")), "other bytes"),
        ((good, part(5, len(data) + 1, "copy/1", b"")), "outside its layer"),
        ((good, part(9, 8, "copy/1", b"")), "outside its layer"),
        ((good, part(-1, 8, "copy/1", b"")), "outside its layer"),
        ((good, part(5, end, "none/1", b"")), "no decoder"),
        ((good, part(5, end, "zipcrypto+deflate/1:zz", b"")), "no decoder"),
        ((good, part(5, end, "zipcrypto+deflate/1:00000000", b"x")), "no password"),
    ):
        with pytest.raises(IntegrityError, match=text), walk(Location(chain), source, decoders()):
            pass


def test_a_step_without_digest_is_replayed(source: Path) -> None:
    data = (source / "in" / "a.txt").read_bytes()
    first = Step(kind=StepKind.FILE, name="in/a.txt", start=0, end=len(data), source="leak")
    second = Step(kind=StepKind.STREAM, name="x", start=5, end=len(data) - 5, decoder="deflate/1")
    with walk(Location((first, second)), source, decoders()) as found:
        assert content(found) == b"inner"


def test_large_layers_leave_memory_and_the_cache_is_bounded(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY_BYTES", 1000)
    monkeypatch.setattr(module, "CACHE_BYTES", 2000)
    monkeypatch.setattr(module, "CACHE_LAYERS", 3)
    inner = [bytes([number]) * 1500 for number in range(8)]
    packed = [deflated(data) for data in inner]
    whole = b"".join(packed)
    (source / "big").write_bytes(whole)
    starts = [sum(len(data) for data in packed[:number]) for number in range(8)]
    chains = [
        (
            file_step(b"big", whole),
            part(start, start + len(data), "deflate/1", plain),
            part(10, 20, "copy/1", plain[:10]),
        )
        for start, data, plain in zip(starts, packed, inner, strict=True)
    ]
    with Replayer(source, decoders()) as replayer:
        for _ in range(2):
            for chain, plain in zip(chains, inner, strict=True):
                assert content(replayer.layer(chain[:2])) == plain
                assert content(replayer.layer(chain)) == plain[:10]
        assert len(replayer._layers) <= 3


def test_a_bomb_is_cut_off(source: Path) -> None:
    packed = deflated(bytes(5_000_000))
    (source / "bomb").write_bytes(packed)
    chain = (file_step(b"bomb", packed), part(0, len(packed), "deflate/1", bytes(5_000_000)))
    with (
        Replayer(source, decoders(), limits=Limits(expansion=1_000_000, expansion_ratio=1)) as replayer,
        pytest.raises(IntegrityError, match="more than"),
    ):
        replayer.layer(chain)


def test_a_file_is_hashed_once(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (source / "in" / "a.txt").read_bytes()
    with Replayer(source, decoders()) as replayer:
        assert replayer.file_digest("in/a.txt") == sha(data)
        monkeypatch.setattr(module, "_digest", lambda source: pytest.fail("hashed again"))
        replayer.layer((file_step(b"in/a.txt", data),))


@pytest.mark.parametrize("memory", [0, 1 << 20])
def test_what_was_decoded_is_kept_while_other_files_are_read(
    tmp_path: Path, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MEMORY_BYTES", memory)
    decoded: list[str] = []
    decode = module.decode_range

    def counted(known: Decoders, name: str, *rest: object) -> Iterator[bytes]:
        decoded.append(name)
        return decode(known, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "decode_range", counted)
    chains = []
    for name in (b"a", b"b"):
        inner = name * 5000
        packed = zlib.compress(inner)
        (tmp_path / name.decode()).write_bytes(packed)
        outer = (file_step(name, packed), part(0, len(packed), "zlib/1", inner))
        chains += [(*outer, part(place, place + 9, "copy/1", inner[:9])) for place in (0, 50)]
    with Replayer(tmp_path, decoders()) as replayer:
        for _ in range(3):
            for chain in (chains[0], chains[2], chains[1], chains[3]):
                assert content(replayer.layer(chain)) == chain[0].name.encode() * 9
        assert len(decoded) == 2
        (tmp_path / "a").write_bytes(zlib.compress(b"c" * 5000))
        with pytest.raises(IntegrityError):
            replayer.layer(chains[0])
        monkeypatch.setattr(module, "SPOOLED_BYTES", 6000)
        monkeypatch.setattr(module, "CACHE_BYTES", 6000)
        assert content(replayer.layer(chains[3])) == b"b" * 9
