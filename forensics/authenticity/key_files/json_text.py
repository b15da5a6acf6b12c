"""JSON and JSON lines: which form each object is of."""

from collections.abc import Iterator

import msgspec

from forensics.authenticity.key_files import dns_cache, passive_dns, rows
from forensics.authenticity.key_files.entries import Other, Read, Refused, quoted

FORM = "json"
_FAULTS = (msgspec.MsgspecError, UnicodeError, RecursionError)


def fits(name: str, text: str) -> bool:
    """Whether a text begins as JSON does."""
    return text.lstrip().startswith(("{", "["))


def read(name: str, text: str) -> Iterator[Read]:
    """Yield what each object gives."""
    for at, value in _values(text):
        if isinstance(value, Refused):
            yield value
        elif not isinstance(value, dict):
            yield Refused(at, "keys.entry", f"{quoted(value)} is no object")
        elif passive_dns.is_record(value):
            yield from passive_dns.read(at, value)
        elif dns_cache.is_cache(value):
            yield from dns_cache.read(value)
        elif rows.is_row(value):
            yield rows.entry_of(at, rows.row_of(value))
        elif value:
            yield Refused(at, "keys.entry", f"an object of no form that is known, with {quoted(', '.join(value))}")
        else:
            yield Other(at)


def _values(text: str) -> Iterator[tuple[str, object]]:
    """Yield the objects of one document, which may be a list of them, else those of lines."""
    try:
        whole = msgspec.json.decode(text)
    except _FAULTS:
        yield from _lines(text)
        return
    for number, value in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"entry {number}", value


def _lines(text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        at = f"line {number}"
        try:
            yield at, msgspec.json.decode(line)
        except _FAULTS as error:
            yield at, Refused(at, "keys.entry", f"this is no JSON: {str(error)[:80]}")
