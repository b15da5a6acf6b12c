"""7z archives of every method and chain of methods, and what passwords open."""

import io
import random

import py7zr
import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers import decoders
from forensics.parsers.archive._7z_chain import Chain, Node, Packed, chain_of
from forensics.replay.decoders import decode_range
from tests.parsers.archive import sevenzips as made
from tests.parsers.archive.replays import bytes_of, codes
from tests.parsers.archive.sevenzips import TEXTS, Folder, Named, read

X86 = b"".join(
    [b"\x55\x8b\xec\xe8" + (1000 + 7 * place).to_bytes(4, "little") + b"\x0f\x84\x10\0\0\0" for place in range(900)]
)
FILTERS: dict[str, list[dict[str, object]]] = {
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
