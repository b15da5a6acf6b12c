"""A fault in one reading of a message costs that reading, never the message and what else it says."""

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
    except Exception as error:  # noqa: BLE001  a fault of ours must cost this reading only, and must be seen
        why = "not enough memory" if isinstance(error, MemoryError) else traceback.format_exc(limit=-4)
        locator, unread = Locator(ranges=(span,)), span[1] - span[0]
        text = f"reading {what} failed; nothing of it is judged: {why}"
        notices.append(Notice(code="mail.reading_fault", text=text, locator=locator, unread=unread))
        return None
