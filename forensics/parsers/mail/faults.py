"""A fault in one reading of a message costs that reading, never the message and what else it says."""

import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from forensics.model.items import Notice
from forensics.model.locations import Locator

P = ParamSpec("P")
T = TypeVar("T")


def attempt(
    notices: list[Notice], what: str, span: tuple[int, int], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Return what a reader reads; None, and a notice, where it fails.

    Args:
        notices: takes the notice.
        what: is read, in words.
        span: first byte of it in the message, and the one after its last: not read where the reader fails.
        read: the reader.
        args: of the reader.
        kwargs: of the reader.
    """
    try:
        return read(*args, **kwargs)
    except Exception:  # noqa: BLE001  a fault of ours must cost this reading only, and must be seen
        notices.append(fault(what, span))
        return None


def fault(what: str, span: tuple[int, int]) -> Notice:
    """Return the notice of the exception that is being handled.

    Args:
        what: was to be read, in words.
        span: first byte of it in the message, and the one after its last: not read.
    """
    error = sys.exception()
    why = "not enough memory" if isinstance(error, MemoryError) else traceback.format_exc(limit=-4)
    text = f"reading {what} failed; nothing of it is judged: {why}"
    return Notice(code="mail.reading_fault", text=text, locator=Locator(ranges=(span,)), unread=span[1] - span[0])
