"""Encrypted members: what opens them, what does not, and how that is told."""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Callable
from typing import Any

import inflate64
import pyppmd
import pytest
from backports import zstd
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits
from forensics.parsers import decoders
from forensics.parsers.archive import _zip_locked as locked
from forensics.replay.decoders import closed

BITS = {1: 128, 2: 192, 3: 256}
TEXT = b"a secret text, again and again: " * 200


def hidden(data: bytes, password: bytes, bits: int) -> bytes:
    salt = hashlib.sha256(data).digest()[: bits // 16]
    made = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, bits // 4 + 2)
    engine = Cipher(algorithms.AES(made[: bits // 8]), modes.ECB()).encryptor()
    stream = b"".join([engine.update(count.to_bytes(16, "little")) for count in range(1, len(data) // 16 + 2)])
    out = bytes([one ^ other for one, other in zip(data, stream, strict=False)])
    return salt + made[-2:] + out + hmac.new(made[bits // 8 : bits // 4], out, "sha1").digest()[:10]


def aes(
    zips: Any, name: bytes, data: bytes, *, version: int = 2, strength: int = 3, method: int = 8, password: bytes = b"p"
) -> Any:
    plain = zips.deflated(data) if method == 8 else data
    stored = hidden(plain, password, BITS.get(strength, 256))
    lies = {} if version == 1 else {"crc32": 0, "local_crc32": 0}
    member = zips.Member(name, data, method=99, stored=stored, flags=1, **lies)
    member.local_extra = member.central_extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", strength, method)
    return member


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("method", [0, 8])
def test_aes_of_every_kind(zips: Any, version: int, strength: int, method: int) -> None:
    data = zips.build([aes(zips, b"x", TEXT, version=version, strength=strength, method=method)])
    facts, (child,), notices = zips.read(data, passwords=(b"wrong", b"p"))
    assert child.content == TEXT and zips.codes(child) == [] and notices == []
    plain = "deflate/1" if method else "copy/1"
    assert child.step.decoder == f"zipaes+{plain}:{BITS[strength]}"
    assert facts.members[0].encrypted and facts.members[0].method == 99


@pytest.mark.parametrize(
    ("passwords", "code", "words"),
    [
        ((), "zip.encrypted", "no password was given"),
        ((b"wrong",), "zip.wrong_password", "the password that was given does not"),
        ((b"wrong", b"other"), "zip.wrong_password", "none of 2 passwords"),
    ],
)
def test_no_password_is_told_from_a_wrong_one(zips: Any, passwords: tuple[bytes, ...], code: str, words: str) -> None:
    data = zips.build([aes(zips, b"x", TEXT), zips.encrypted(b"y", b"old", b"q")])
    _, children, _ = zips.read(data, passwords=passwords)
    for child in children:
        (notice,) = child.notices
        assert (child.content, notice.code, words in notice.text) == (None, code, True)
        assert notice.unread == child.step.end - child.step.start > 0


def test_what_passes_the_check_alone_does_not_open(zips: Any) -> None:
    stored = aes(zips, b"x", TEXT).stored
    for data, given, shut in ((stored, b"p", False), (stored, b"q", True), (stored[:-1] + b"!", b"p", True)):
        assert closed(decoders(), "zipaes+deflate/1:256", MemoryBytes(data), 0, len(data), (given,)) == shut
    assert not closed(decoders(), "zipaes+deflate/1:256cut", MemoryBytes(stored[:-10]), 0, len(stored) - 10, (b"p",))
    assert not closed(decoders(), "deflate/1", MemoryBytes(stored), 0, len(stored))


def test_damaged_data_are_kept_and_told(zips: Any) -> None:
    member = aes(zips, b"x", TEXT, method=0, version=1)
    broken = bytearray(member.stored)
    broken[100] ^= 1
    member.stored = bytes(broken)
    _, (child,), _ = zips.read(zips.build([member]), passwords=(b"p",))
    assert child.content != TEXT and len(child.content) == len(TEXT)
    assert zips.codes(child) == ["zip.crc", "zip.hmac"]


@pytest.mark.parametrize("left", [-60, -11, -10, -1])
def test_a_member_that_was_cut_off_is_read_as_far_as_it_goes(zips: Any, left: int) -> None:
    member = aes(zips, b"x", TEXT, method=0)
    data = zips.build([member])
    end = data.index(member.stored) + len(member.stored)
    _, (child,), _ = zips.read(data[: end + left], passwords=(b"p",))
    assert child.step.decoder == "zipaes+copy/1:256cut"
    assert child.content == TEXT[: min(len(TEXT), len(TEXT) + 10 + left)]
    assert zips.codes(child) == ["zip.truncated"] + ["zip.size"] * (left < -10)


@pytest.mark.parametrize("size", range(0, 29))
def test_a_member_too_short_for_its_own_lead(zips: Any, size: int) -> None:
    member = aes(zips, b"x", b"")
    member.stored = member.stored[:size]
    for fields in (member.local, member.central):
        fields["stored_size"] = size
    _, (child,), _ = zips.read(zips.build([member]), passwords=(b"p",))
    assert child.content is None or child.content == b""


@pytest.mark.parametrize(
    ("extra", "flags", "code"),
    [
        (b"", 1, "zip.encryption"),
        (struct.pack("<HHH2sB", 0x9901, 5, 2, b"AE", 3), 1, "zip.encryption"),
        (struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 9, 8), 1, "zip.encryption"),
        (struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 77), 1, "zip.method"),
        (struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 99), 1, "zip.method"),
        (struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8), 0x41, "zip.encryption"),
        (struct.pack("<HHH", 0x0017, 2, 2), 1, "zip.encryption"),
    ],
)
def test_what_is_not_read_says_why(zips: Any, extra: bytes, flags: int, code: str) -> None:
    member = aes(zips, b"x", TEXT)
    member.local_extra = member.central_extra = extra
    member.local["flags"] = member.central["flags"] = flags
    _, (child,), _ = zips.read(zips.build([member]), passwords=(b"p",))
    assert child.content is None and zips.codes(child) == [code]


def test_only_the_old_cipher_has_a_limit(zips: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "CIPHER_BYTES", 1000)
    data = zips.build([aes(zips, b"x", TEXT, method=0), zips.encrypted(b"y", TEXT, b"p")])
    _, (first, second), _ = zips.read(data, passwords=(b"p",))
    assert first.content == TEXT
    assert second.content is None and "larger than 1000 bytes" in second.notices[0].text


def test_a_large_member_goes_to_the_spool(zips: Any) -> None:
    data = zips.build([aes(zips, b"x", TEXT * 50, method=0)])
    kept = []

    def spool(blocks: Any) -> MemoryBytes:
        kept.append(b"".join(blocks))
        return MemoryBytes(kept[0])

    zips.read(data, passwords=(b"p",), limits=Limits(memory_bytes=1000), spool=spool)
    assert kept == [TEXT * 50]


def deflate64(data: bytes) -> bytes:
    engine = inflate64.Deflater()
    return bytes(engine.deflate(data) + engine.flush())


def ppmd(data: bytes) -> bytes:
    engine = pyppmd.Ppmd8Encoder(6, 1 << 20, 0)
    return struct.pack("<H", 5) + bytes(engine.encode(data) + engine.flush())


PACKED = pytest.mark.parametrize(
    ("method", "pack"),
    [(9, deflate64), (20, zstd.compress), (93, zstd.compress), (98, ppmd)],
    ids=["deflate64", "zstd20", "zstd", "ppmd"],
)


@PACKED
def test_further_methods(zips: Any, method: int, pack: Callable[[bytes], bytes]) -> None:
    member = zips.Member(b"x", TEXT, method=method, stored=pack(TEXT))
    _, (child,), notices = zips.read(zips.build([member]))
    assert child.content == TEXT and zips.codes(child) == [] and notices == []


@PACKED
def test_further_methods_under_aes(zips: Any, method: int, pack: Callable[[bytes], bytes]) -> None:
    member = aes(zips, b"x", TEXT, method=method)
    member.stored = hidden(pack(TEXT), b"p", 256)
    for fields in (member.local, member.central):
        fields["stored_size"] = len(member.stored)
    _, (child,), _ = zips.read(zips.build([member]), passwords=(b"p",))
    assert child.content == TEXT and zips.codes(child) == []


@PACKED
def test_damage_and_slack_of_further_methods(zips: Any, method: int, pack: Callable[[bytes], bytes]) -> None:
    stored = pack(TEXT)
    cut = zips.Member(b"x", TEXT, method=method, stored=stored[:-7])
    _, (child,), _ = zips.read(zips.build([cut]))
    assert TEXT.startswith(child.content) and set(zips.codes(child)) <= {"zip.damaged", "zip.size"}
    if method != 98:
        assert zips.codes(child)[0] == "zip.damaged"
        longer = zips.Member(b"x", TEXT, method=method, stored=stored + b"\xee" * 5)
        _, (child,), _ = zips.read(zips.build([longer]))
        assert [(notice.code, notice.unread) for notice in child.notices] == [("zip.slack", 5)]


def test_a_folder_that_holds_bytes_is_no_folder(zips: Any) -> None:
    odd = zips.Member(b"d/", b"", method=0, stored=b"hidden", size=0, local_size=0)
    odd.central["crc32"] = odd.local["crc32"] = zlib.crc32(b"hidden")
    _, children, _ = zips.read(zips.build([odd, zips.Member(b"e/", method=0), zips.Member(b"f/", b"")]))
    assert [child.content for child in children] == [b"hidden"]


def test_ppmd_that_fails_without_an_exception_of_its_own(zips: Any) -> None:
    stored = bytes.fromhex("0500ffffffffffffff9360bf16161616161616 16ffffffff" + "16" * 22 + "19ca")
    _, (child, *_), _ = zips.read(zips.build([zips.Member(b"x", bytes(660), method=98, stored=stored)]))
    assert zips.codes(child)
