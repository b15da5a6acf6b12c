"""Members of a container that is no zip, decoded within limits."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, Limits, ParseContext
from forensics.parsers._bounded import Decoding, Unread, over_budget
from forensics.replay.decoders import unzlib

DATA = bytes(range(256)) * 400
BOMB = b"\0" * 3_000_000


def decoding(data: bytes, *, stated: int | None = None, spool: Any = None, **limits: int) -> tuple[Decoding, Budget]:
    context = ParseContext(limits=Limits(**limits), spool=spool)
    stored = zlib.compress(data)
    budget = Budget(context.limits, len(stored))
    return Decoding("toy", [stored], unzlib, len(data) if stated is None else stated, context, budget), budget


def test_a_member_is_decoded_hashed_and_paid_for() -> None:
    member, budget = decoding(DATA)
    assert member.content() == DATA
    assert member.digest.digest() == hashlib.sha256(DATA).digest()
    assert (member.size, member.crc32) == (len(DATA), zlib.crc32(DATA))
    assert budget.total - budget.left == len(DATA)


def test_what_is_stated_is_compared() -> None:
    member, _ = decoding(DATA)
    member.content()
    size, checksum = len(DATA), zlib.crc32(DATA)
    assert member.mismatch(size, checksum) is None
    assert member.mismatch(size + 1, 0) == ("toy.size", f"decodes to {size} bytes, its header states {size + 1}")
    assert member.mismatch(size, 1) == ("toy.crc", f"CRC-32 of the decoded bytes is {checksum:08x}, stated 00000001")


@pytest.mark.parametrize(
    ("limits", "code", "text"),
    [
        ({"memory_bytes": 1000, "ratio": 5}, "toy.ratio_limit", "expands more than ratio=5 times"),
        ({"expansion": 1_500_000, "expansion_ratio": 1}, "toy.expansion_limit", "902848 of its stated 3000000 bytes"),
        ({"memory_bytes": 1000, "ratio": 10_000}, "toy.memory_limit", "larger than memory_bytes=1000"),
    ],
)
def test_a_member_is_left_at_a_limit(limits: dict[str, int], code: str, text: str) -> None:
    member, _ = decoding(BOMB, **limits)
    with pytest.raises(Unread) as left:
        member.content()
    assert left.value.code == code and text in str(left.value)


def test_nothing_is_decoded_once_the_budget_is_spent() -> None:
    member, budget = decoding(DATA)
    budget.spend(budget.total + 1)
    with pytest.raises(Unread, match="decodes to more than") as left:
        member.content()
    assert str(left.value) == str(over_budget("toy", budget, len(DATA)))
    assert member.size == 0


def test_a_member_larger_than_memory_is_spooled_whole() -> None:
    spooled: list[bytes] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        def counted() -> Iterator[bytes]:
            for chunk in chunks:
                spooled.append(chunk)
                yield chunk

        return MemoryBytes(b"".join(counted()))

    member, _ = decoding(BOMB, spool=spool, memory_bytes=1000, ratio=10_000)
    content = member.content()
    assert not isinstance(content, bytes) and content.read(0, content.size) == BOMB
    assert len(spooled) > 1 and member.size == len(BOMB)
