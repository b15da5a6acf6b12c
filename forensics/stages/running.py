"""What stages share that run rules of others' making: the values of a query's parameters, and a crash as a notice."""

import gc
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from forensics.errors import CheckError
from forensics.model.items import Notice
from forensics.model.rows import notices
from forensics.model.rows.notices import NoticeRow
from forensics.model.rules import Context

_PARAMETER = re.compile(r"\$([a-z_]+)")


def parameters(sql: str, context: Context) -> Mapping[str, object]:
    """Return the values of the parameters that a query names: fields of the context.

    Raises:
        CheckError: the query names something that the context does not have.
    """
    values: dict[str, object] = {}
    for name in _PARAMETER.findall(sql):
        if name not in context.__struct_fields__:
            raise CheckError(f"query names ${name}, which the context does not have")
        values[name] = getattr(context, name)
    return values


def fault(code: str, name: str) -> Notice:
    """Return the notice about the exception that is being handled."""
    return Notice(code=code, text=f"{name}: {traceback.format_exc(limit=-4)}")


def noted(notice: Notice) -> NoticeRow:
    """Return the row of a notice that is about no item."""
    return notices.row_of("", "", "", notice)


@contextmanager
def no_collector() -> Iterator[None]:
    """Pause the cycle collector: model objects form no cycles, and walking all of them takes half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
