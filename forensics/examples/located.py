"""Values with their bytes and place for examples."""

from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.rows import located as rows
from forensics.model.rows.located import LocatedRow


def located(value: str, path: str = "", *, raw: bytes | None = None, start: int = 0) -> Located:
    """A value; *raw*: its bytes, if not its letters."""
    written = value.encode() if raw is None else raw
    return Located(value, written, Locator(ranges=((start, start + len(written)),), path=path))


def located_row(value: str, path: str = "", *, raw: bytes | None = None, start: int = 0) -> LocatedRow:
    """The same as it stands in a row."""
    return rows.row_of(located(value, path, raw=raw, start=start))
