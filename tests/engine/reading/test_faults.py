"""What a failed reading is recorded as."""

import errno

import pytest

from forensics.engine.reading.faults import fault_notice, is_full
from forensics.errors import IntakeError, LimitExceeded, Malformed, Truncated


def caused(error: Exception, cause: BaseException) -> Exception:
    try:
        raise error from cause
    except type(error) as raised:
        return raised


@pytest.mark.parametrize(
    ("error", "code", "unread"),
    [
        (Malformed("x", 30), "parse.malformed", 70),
        (Truncated("x", 300), "parse.truncated", 0),
        (LimitExceeded("x"), "parse.limit", 100),
        (IntakeError("gone"), "intake.unreadable", 100),
        (MemoryError(), "engine.memory", 100),
        (OSError(errno.ENOMEM, "x"), "engine.memory", 100),
        (caused(Malformed("no XML", 0), MemoryError()), "engine.memory", 100),
        (ValueError("ours"), "engine.parser_fault", 100),
    ],
)
def test_codes(error: Exception, code: str, unread: int) -> None:
    notice = fault_notice(error, 100, 100)
    assert (notice.code, notice.unread) == (code, unread)


def test_only_a_full_disk_is_no_fault_of_the_item() -> None:
    assert is_full(OSError(errno.ENOSPC, "x"))
    assert not is_full(OSError(errno.EIO, "x"))
    assert not is_full(ValueError())
