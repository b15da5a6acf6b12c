"""What a failed reading is recorded as: an exception costs the item that was read, and is told."""

import errno
import traceback
from collections.abc import Iterator

from forensics.errors import IntakeError, LimitExceeded, ParseError, Truncated
from forensics.model.items import Notice

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: BaseException) -> bool:
    """Whether a write failed for want of space: then the unit cannot be stored at all."""
    return isinstance(error, OSError) and error.errno in _FULL


def fault_notice(error: Exception, end: int, rest: int) -> Notice:
    """Return the notice of an item whose reading ended in an exception.

    Args:
        error: the exception.
        end: where what was being read ends.
        rest: bytes of it that are not those of the items found inside.
    """
    if any(_is_memory(one) for one in _chain(error)):
        # A library may say so in words of its own; its caller then calls the item malformed, which it may not be.
        return Notice(code="engine.memory", text="not enough memory to read it to the end", unread=rest)
    if isinstance(error, ParseError):
        return Notice(code=_code(error), text=str(error), unread=max(0, min(rest, end - (error.offset or 0))))
    if isinstance(error, IntakeError):
        return Notice(code="intake.unreadable", text=f"cannot be read to the end: {error}", unread=rest)
    last_calls = "".join(traceback.format_exception(error, limit=-4))
    return Notice(code="engine.parser_fault", text=last_calls, unread=rest)


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(8):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    # lxml has no exception of its own for it.
    return type(error).__name__ in ("XMLSyntaxError", "XMLSchemaError") and "emory allocation failed" in str(error)


def _code(error: ParseError) -> str:
    if isinstance(error, LimitExceeded):
        return "parse.limit"
    if isinstance(error, Truncated):
        return "parse.truncated"
    return "parse.malformed"
