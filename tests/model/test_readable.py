"""The readable form of a location shows names as they are, where nothing in them can mislead."""

import pytest

from forensics.model.locations import Location, Step, StepKind, quote


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("été.eml".encode(), "été.eml"),
        (b"100%.pdf", "100%.pdf"),
        (b"a>b", "a>b"),
        (b"a > b", "a %3E b"),
        (b"x\xff", "x%FF"),
        ("x\u202ey".encode(), "x%E2%80%AEy"),
        (b"x\ny", "x%0Ay"),
        (b"plain", "plain"),
    ],
)
def test_a_name(name: bytes, shown: str) -> None:
    step = Step(kind=StepKind.FILE, name=quote(name), start=0, end=1)
    inner = Step(kind=StepKind.MIME_PART, name="2", start=0, end=1)
    assert Location((step, inner)).readable == f"{shown} > part:2"
