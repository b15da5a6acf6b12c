"""A property of a document, or a conflict of an archive member, inside a row of another table."""

from collections.abc import Iterable

import msgspec

from forensics.model.codec import encode_text
from forensics.model.facts import Fact
from forensics.model.rows.times import first_range


class PropertyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property of a document or a conflict of an archive member."""

    name: str
    value: str
    raw: bytes
    path: str
    start: int | None
    end: int | None
    steps: str


def rows_of(facts: Iterable[Fact]) -> list[PropertyRow]:
    """Make the rows of facts."""
    rows = []
    for fact in facts:
        start, end = first_range(fact.locator)
        steps = encode_text(fact.locator.steps) if fact.locator.steps else ""
        rows.append(
            PropertyRow(
                name=fact.name,
                value=fact.value,
                raw=fact.raw,
                path=fact.locator.path,
                start=start,
                end=end,
                steps=steps,
            )
        )
    return rows
