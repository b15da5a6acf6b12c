"""Tables with a header line, by tabs, commas or semicolons, and JSON objects with the same names.

Needed are ``domain``, ``selector`` and one of ``record``, ``value``, ``txt`` (the text of the TXT record) or ``p`` (the
key alone); times of first and last sight are taken under the usual names. archive.prove.email gives such objects:
``domain``, ``selector``, ``firstSeenAt``, ``lastSeenAt``, ``value``.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from forensics.authenticity.key_files.entries import Entry, Read, Refused, txt
from forensics.replay.base64 import base64

FORM = "table"
_LETTERS = re.compile(r"[^a-z]")
_RECORDS = ("record", "value", "txt", "rdata", "p")
_FIRST = ("firstseen", "firstseenat", "timefirst", "zonetimefirst", "first")
_LAST = ("lastseen", "lastseenat", "timelast", "zonetimelast", "last")
_NEEDED = {"domain", "selector"}
_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""How the DER of an Ed25519 key begins (RFC 8410 4)."""
_ED25519_BYTES = 32
_TAG_END = 20
"""The first tag of a record has its sign before this; base64 of a key is longer, and has one at its end alone."""


def fits(name: str, text: str) -> bool:
    """Whether the first line names the columns."""
    head = text.split("\n", 1)[0]
    return _is_head([_plain(cell) for cell in head.split(_separator(head))])


def read(name: str, text: str) -> Iterator[Read]:
    """Yield what each row gives."""
    separator = _separator(text.split("\n", 1)[0])
    if separator == "\t":
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    head = [_plain(cell) for cell in next(rows)]
    while True:
        at = f"line {rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(at, "keys.entry", f"this is no row: {error}")
            continue
        if any(row):
            yield entry_of(at, dict(zip(head, row, strict=False)))


def is_row(value: Mapping[str, object]) -> bool:
    """Whether an object of JSON has the names of such a table."""
    return _is_head([_plain(name) for name in value])


def row_of(value: Mapping[str, object]) -> dict[str, object]:
    """Return an object of JSON as a row."""
    return {_plain(name): inner for name, inner in value.items()}


def entry_of(at: str, row: Mapping[str, object]) -> Read:
    """Return what one row gives."""
    domain, selector = str(row.get("domain") or ""), str(row.get("selector") or "")
    written = next((_text(row[name]) for name in _RECORDS if row.get(name)), "")
    if not written:
        return Refused(at, "keys.record", "there is no record")
    try:
        record = txt(written)
    except ValueError as error:
        return Refused(at, "keys.entry", f"the record cannot be read: {error}")
    if b"=" not in record[:_TAG_END]:
        record = _record_of(record)
    first, last = [next((row[name] for name in names if row.get(name)), None) for names in (_FIRST, _LAST)]
    return Entry(at, domain.strip(), selector.strip(), record, first, last)


def _text(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _record_of(key: bytes) -> bytes:
    """Return the record of a key that stands alone, as ``p=`` would have it."""
    der = base64(key)
    ed25519 = len(der) == _ED25519_BYTES or (der.startswith(_ED25519) and len(der) == len(_ED25519) + _ED25519_BYTES)
    return b"v=DKIM1; k=" + (b"ed25519" if ed25519 else b"rsa") + b"; p=" + key


def _separator(head: str) -> str:
    return next((one for one in ("\t", ",", ";") if one in head), ",")


def _plain(name: object) -> str:
    return _LETTERS.sub("", str(name).lower())


def _is_head(names: list[str]) -> bool:
    return set(names) >= _NEEDED and bool(set(names) & set(_RECORDS))
