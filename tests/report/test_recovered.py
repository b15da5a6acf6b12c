"""Keys that a recovery found, as a terminal shows them."""

import io

from rich.console import Console

from forensics.model.keys import Key, Obtained
from forensics.model.recovering import RecoveredKey, RecoverProgress, Recovery
from forensics.report import recovered


def shown(*found: RecoveredKey, failed: int = 0, left: int = 0, judged: bool = True) -> str:
    out = io.StringIO()
    recovery = Recovery(found=found, failed=failed, left=left, judged=judged, head="0" * 64)
    Console(file=out, width=100, color_system=None).print(recovered.table(recovery))
    return out.getvalue()


def key(first: int | None = 1_600_000_000, misfits: int = 0) -> RecoveredKey:
    made = Key(
        domain="a.example",
        selector="x\x1b[1m",
        record=b"",
        origin="",
        obtained=Obtained.RECOVERED,
        first_seen=first,
        last_seen=first,
    )
    return RecoveredKey(
        key=made,
        bits=2048,
        opened=4001,
        holds=4000,
        tested=4004,
        senders=1234,
        misfits=misfits,
        misfitting=(),
        pairs=1,
        cpu_s=26.31,
    )


def test_a_line_a_key() -> None:
    page = shown(key())
    assert "4,001 of 4,004" in page
    assert ("2020-09-13" in page, "1,234" in page, "26.3" in page, "1 key recovered" in page) == (True,) * 4
    assert "\x1b" not in page
    assert "–" in shown(key(first=None))


def test_what_is_left_is_said() -> None:
    page = shown(key(misfits=3), failed=2, left=1, judged=False)
    assert "3 signatures do not open" in page
    assert "2 selectors gave no key" in page
    assert "1 selector is left to try" in page
    assert "not judged" in page
    assert "No key recovered" in shown()


def test_progress() -> None:
    at = RecoverProgress(selectors=12, found=1, elapsed_s=61.7, trying=("a.example/x",))
    assert recovered.progress(at) == "found 1, selectors left 12, 61 s: a.example/x"
