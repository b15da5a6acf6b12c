"""WinZip's encryption: the counter, the check, the HMAC."""

import hashlib
import hmac
import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from forensics.model.byte_sources import MemoryBytes
from forensics.model.decoding import Encoded
from forensics.replay import zipaes
from forensics.replay.decoders import DECODERS, decode_range


def encrypted(data: bytes, password: bytes, bits: int) -> bytes:
    salt = os.urandom(bits // 16)
    made = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, bits // 4 + 2)
    stream = b""
    engine = Cipher(algorithms.AES(made[: bits // 8]), modes.ECB()).encryptor()
    for count in range(1, len(data) // 16 + 2):
        stream += engine.update(count.to_bytes(16, "little"))
    hidden = bytes([one ^ other for one, other in zip(data, stream, strict=False)])
    mac = hmac.new(made[bits // 8 : bits // 4], hidden, "sha1").digest()[:10]
    return salt + made[-2:] + hidden + mac


def replay(name: str, stored: bytes, *passwords: bytes) -> bytes:
    layer = MemoryBytes(b"before" + stored + b"after")
    return b"".join(decode_range(DECODERS, name, layer, 6, 6 + len(stored), passwords))


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 70_000])
def test_every_key_and_length(bits: int, size: int) -> None:
    data = os.urandom(size)
    stored = encrypted(data, b"pass", bits)
    assert len(stored) == size + zipaes.overhead(bits)
    assert replay(f"zipaes+copy/1:{bits}", stored, b"wrong", b"pass") == data
    assert replay(f"zipaes+copy/1:{bits}", stored, b"wrong") == b""
    assert replay(f"zipaes+copy/1:{bits}", stored) == b""


def test_a_changed_byte_is_told_and_kept() -> None:
    stored = bytearray(encrypted(b"a" * 100, b"pass", 256))
    stored[40] ^= 1
    source = MemoryBytes(bytes(stored))
    found = zipaes.unlock(Encoded(source, 0, source.size, "256", (b"pass",)))
    assert found is not None and found.genuine is False
    assert b"".join(zipaes.plain(found)).count(b"a") == 99


def test_without_its_mac() -> None:
    stored = encrypted(b"a" * 100, b"pass", 128)[:-15]
    assert replay("zipaes+copy/1:128cut", stored, b"pass") == b"a" * 95
    assert replay("zipaes+copy/1:128", stored, b"pass") == b"a" * 85


@pytest.mark.parametrize("size", range(0, 20))
def test_too_short(size: int) -> None:
    assert replay("zipaes+copy/1:128", bytes(size), b"pass") == b""


def test_of_two_passwords_that_pass_the_check_the_hmac_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = encrypted(b"secret", b"right", 128)
    real = hashlib.pbkdf2_hmac

    def same_check(name: str, password: bytes, salt: bytes, rounds: int, size: int) -> bytes:
        return real(name, password, salt, rounds, size)[:-2] + stored[8:10]

    monkeypatch.setattr(zipaes.hashlib, "pbkdf2_hmac", same_check)
    assert replay("zipaes+copy/1:128", stored, b"wrong", b"right") == b"secret"
