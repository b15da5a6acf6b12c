"""An item is read again as it was scanned, or not at all."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from forensics.errors import IntakeError, IntegrityError
from forensics.model.items import Limits
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.parsers import decoders
from forensics.replay.contents import SourceContents
from forensics.replay.walk import Replayer

DATA = b"zero one two three"
ENCODED = b"aGVsbG8="


def place(source: str = "leak", name: str = "a.txt", data: bytes = DATA) -> Location:
    digest = sha256(data).hexdigest()
    return Location((Step(kind=StepKind.FILE, name=name, start=0, end=len(data), sha256=digest, source=source),))


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "a.txt").write_bytes(DATA)
    (tmp_path / "leak" / "b.txt").write_bytes(ENCODED)
    return tmp_path / "leak"


@pytest.fixture
def contents(leak: Path) -> Callable[..., SourceContents]:
    return lambda **limits: SourceContents(
        lambda label: Replayer(leak, decoders()) if label == "leak" else None, Limits(**limits)
    )


def test_an_item_and_places_in_it(contents: Callable[..., SourceContents]) -> None:
    with contents() as reader:
        assert reader.read(place()) == DATA
        assert reader.read(place(), Locator(ranges=((0, 4), (9, 12)))) == b"zerotwo"
        inner = Step(kind=StepKind.STREAM, start=0, end=len(ENCODED), decoder="base64/2")
        assert reader.read(place(name="b.txt", data=ENCODED), Locator(steps=(inner,))) == b"hello"
        assert reader.read(place(name="b.txt", data=ENCODED), Locator(steps=(inner,), ranges=((1, 3),))) == b"el"


def test_a_source_that_changed(contents: Callable[..., SourceContents], leak: Path) -> None:
    (leak / "a.txt").write_bytes(DATA.upper())
    with contents() as reader, pytest.raises(IntegrityError):
        reader.read(place(), Locator(ranges=((0, 4),)))


def test_a_source_that_changes_between_two_readings(contents: Callable[..., SourceContents], leak: Path) -> None:
    with contents() as reader:
        assert reader.read(place()) == DATA
        reader.read(place(name="b.txt", data=ENCODED))
        (leak / "a.txt").write_bytes(DATA.upper())
        with pytest.raises(IntegrityError):
            reader.read(place())


def test_a_place_that_is_not_there(contents: Callable[..., SourceContents]) -> None:
    with contents() as reader:
        with pytest.raises(IntegrityError, match="outside its layer"):
            reader.read(place(), Locator(ranges=((0, 4), (9, 99))))
        with pytest.raises(IntakeError, match="not at hand"):
            reader.read(place(source="other"))
        with pytest.raises(IntakeError):
            reader.read(place(name="c.txt"))


def test_more_than_is_read_at_once(contents: Callable[..., SourceContents]) -> None:
    with contents(memory_bytes=6) as reader:
        assert reader.read(place(), Locator(ranges=((0, 4),))) == b"zero"
        for locator in (None, Locator(ranges=((0, 4), (5, 8)))):
            with pytest.raises(IntakeError, match="at once"):
                reader.read(place(), locator)
