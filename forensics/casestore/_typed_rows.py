"""Rows of a query as structs of ours, refused where they do not fit."""

from typing import Any, TypeVar

import msgspec

from forensics.casestore._database import columns
from forensics.errors import CheckError
from forensics.model.locations import Location

Row = TypeVar("Row")
_locations = msgspec.json.Decoder(Location)


def location_columns(names: list[str], kind: type) -> dict[int, bool]:
    """Return the positions of columns that hold locations as text, and whether each is a list of them."""
    hints = columns(kind)
    if len(set(names)) != len(names):
        raise CheckError(f"{kind.__name__}: the query names a column twice")
    if unknown := sorted(set(names) - hints.keys()):
        raise CheckError(f"{kind.__name__} has no field for column {', '.join(unknown)}")
    found = {}
    for position, column in enumerate(names):
        hint = hints[column]
        if hint in (Location, Location | None):
            found[position] = False
        elif hint in (list[Location], tuple[Location, ...]):
            found[position] = True
    return found


def convert(names: list[str], locations: dict[int, bool], batch: list[tuple[Any, ...]], kind: type[Row]) -> list[Row]:
    """Return rows as structs; *locations*: what `location_columns` found."""
    try:
        records = [dict(zip(names, row, strict=True)) for row in batch]
        for position, many in locations.items():
            column = names[position]
            for record in records:
                value = record[column]
                if value is not None:
                    record[column] = [_locations.decode(one) for one in value] if many else _locations.decode(value)
        return msgspec.convert(records, list[kind], builtin_types=(bytes,))  # type: ignore[valid-type]
    except msgspec.MsgspecError as error:
        raise CheckError(f"{kind.__name__}: {error}") from error
