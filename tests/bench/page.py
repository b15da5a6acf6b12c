"""Tables of figures, printed or written into a page between two comments."""

from collections.abc import Sequence
from pathlib import Path

Table = Sequence[Sequence[str]]
"""The first row is the head; the first column is of words, the others of numbers."""


def markdown(table: Table) -> str:
    """Return a table with columns of one width."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rows = ["| " + " | ".join(_padded(row, widths)) + " |" for row in table]
    first, *others = ["-" * width for width in widths]
    ruler = [first, *[dashes[:-1] + ":" for dashes in others]]
    return "\n".join([rows[0], "| " + " | ".join(ruler) + " |", *rows[1:]])


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *[text.rjust(width) for text, width in others]]


def written(page: Path, name: str, text: str) -> None:
    """Put a text between the markers of a name.

    Raises:
        SystemExit: the page has no such markers.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = page.read_text("utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{page} lacks {begin} or {end}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", "utf-8")
