"""The harness tells a parser that does not keep its word."""

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256

import msgspec
import pytest

from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Parser, Yielded, load
from tests.fuzz.reading import read_all


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.txt", b"text " * 100)
        archive.writestr("2.zip", b"PK\x05\x06" + bytes(18))
    return file.getvalue()


def lying(child: ChildItem) -> Parser:
    def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
        yield child

    return msgspec.structs.replace(load("archive.zip"), parse=parse)


def child(**changed: object) -> ChildItem:
    step = Step(kind=StepKind.STREAM, name="x", start=1, end=4, sha256=sha256(b"bcd").hexdigest())
    return ChildItem(step=msgspec.structs.replace(step, **changed), content=b"bcd")


def test_members_are_decoded_again() -> None:
    assert read_all(load("archive.zip"), packed()) == 2


def test_a_child_at_its_place_holds() -> None:
    assert read_all(lying(child()), b"abcde") == 1


@pytest.mark.parametrize("changed", [{"start": 0}, {"end": 9}, {"sha256": "0" * 64}, {"decoder": "deflate/1"}])
def test_a_child_that_is_elsewhere_is_told(changed: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        read_all(lying(child(**changed)), b"abcde")
