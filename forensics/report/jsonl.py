"""JSON lines for other programs, and their published JSON Schema (design section 7).

A line of a case that is not wholly read and judged has ``partial: true``; other lines lack the key.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from forensics.model.accounts import AccountLine
from forensics.model.comparing import ComparedLine
from forensics.model.findings import Finding, Ranked
from forensics.model.key_lines import KeyLine, KeyUse, SignatureVerdict
from forensics.model.ledger import LedgerLine, MissingLine
from forensics.model.lineage import LineagePlace
from forensics.model.lines import ItemLine, TimelineLine
from forensics.model.locations import Location
from forensics.model.mark_lines import MarkLine
from forensics.model.rows.chains import ChainRow
from forensics.model.searching import SearchLine
from forensics.model.signer_lines import SignedPartLine, SignerKeyLine, SignerUse
from forensics.model.summary import ItemFacts
from forensics.model.texts import Attachment, Text, TextPart
from forensics.model.threads import ThreadPlace

LINES: dict[str, type[msgspec.Struct]] = {
    "findings": Finding,
    "rank": Ranked,
    "items": ItemLine,
    "timeline": TimelineLine,
    "keys": KeyLine,
    "key-coverage": KeyUse,
    "signer-keys": SignerKeyLine,
    "signer-coverage": SignerUse,
    "compare": ComparedLine,
    "ledger": LedgerLine,
    "missing": MissingLine,
    "search": SearchLine,
    "marks": MarkLine,
    "accounts": AccountLine,
}
"""Command to the struct of its lines."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNSHOWN = ("kind", "index")
"""Of a time: for rules, which must not take its locator apart; the contract has the locator."""
_HALF = re.compile("[\ud800-\udfff]")
_encoder = msgspec.json.Encoder(order="deterministic")


class ShowDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``forensics show --format json``: one item with its findings."""

    schema: str = "forensics/show/1"
    facts: ItemFacts
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureVerdict, ...] = ()
    """What they say under the keys at hand; left out where there is none."""
    signed_parts: tuple[SignedPartLine, ...] = ()
    """Parts that the author of a mail signed or encrypted; left out where there is none."""
    chain: ChainRow | None = None
    """What its ARC chain says under these keys; left out where it has no chain."""
    thread: ThreadPlace | None = None
    """Of a mail in a case that was judged; else left out."""
    lineage: LineagePlace | None = None
    """Of a Word document that shares editing sessions with others, in a case that was judged; else left out."""
    entry: Ranked | None = None
    """The first line of the ranking that is about it; else left out."""
    texts: tuple[TextPart, ...] = ()
    """What a mail or a file of text says, whole; half a surrogate pair as U+FFFD. Left out where there is none, or
    where a notice says that it could not be read."""
    attachments: tuple[Attachment, ...] = ()
    """The files that a mail carries; left out where there is none."""
    against: ComparedLine | None = None
    """In what it differs from the first other mail of its entry that could be the same mail; left out where there is
    none."""


def findings(rows: Iterable[Finding], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a finding, newline included."""
    return (_with_places(row, partial) for row in rows)


def rank(rows: Iterable[Ranked], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a ranked item or cluster, newline included."""
    return (_with_places(row, partial) for row in rows)


def items(rows: Iterable[ItemLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line an occurrence, newline included."""
    return (_plain(row, partial) for row in rows)


def timeline(rows: Iterable[TimelineLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a time, newline included."""
    return (_plain(row, partial) for row in rows)


def keys(rows: Iterable[KeyLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a key, newline included."""
    return (_plain(row, partial) for row in rows)


def key_coverage(rows: Iterable[KeyUse], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a selector that signatures use, newline included."""
    return (_plain(row, partial) for row in rows)


def signer_keys(rows: Iterable[SignerKeyLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a certificate or OpenPGP key, newline included."""
    return (_plain(row, partial) for row in rows)


def signer_coverage(rows: Iterable[SignerUse], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a signer, newline included."""
    return (_plain(row, partial) for row in rows)


def compare(rows: Iterable[ComparedLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a pair of items, or an item without a counterpart, newline included."""
    return (_with_places(row, partial) for row in rows)


def ledger(rows: Iterable[LedgerLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a mailbox and month, newline included."""
    return (_plain(row, partial) for row in rows)


def missing(rows: Iterable[MissingLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a missing message, newline included."""
    return (_plain(row, partial) for row in rows)


def search(rows: Iterable[SearchLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line an item that was found, newline included."""
    return (_plain(row, partial) for row in rows)


def marks(rows: Iterable[MarkLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line an act by which a reader marked an item, newline included."""
    return (_plain(row, partial) for row in rows)


def accounts(rows: Iterable[AccountLine], partial: bool = False) -> Iterator[bytes]:
    """Yield one line a source, newline included."""
    return (_plain(row, partial) for row in rows)


def show(
    facts: ItemFacts,
    rows: Iterable[Finding],
    partial: bool = False,
    *,
    signatures: tuple[SignatureVerdict, ...] = (),
    signed_parts: tuple[SignedPartLine, ...] = (),
    chain: ChainRow | None = None,
    thread: ThreadPlace | None = None,
    lineage: LineagePlace | None = None,
    entry: Ranked | None = None,
    text: Text | None = None,
    attachments: tuple[Attachment, ...] = (),
    against: ComparedLine | None = None,
) -> bytes:
    """Return one item with its findings as one JSON document, newline included."""
    said: dict[str, Any] = {
        "signatures": signatures,
        "signed_parts": signed_parts,
        "chain": chain,
        "thread": thread,
        "lineage": lineage,
        "entry": entry,
        "texts": () if text is None else tuple([_writable(part) for part in text.parts]),
        "attachments": attachments,
        "against": against,
    }
    line = _add_text(msgspec.to_builtins(ShowDocument(facts=facts, findings=tuple(rows), **said)))
    for name, given in said.items():
        if not given:
            del line[name]
    for time in line["facts"]["timestamps"]:
        for name in _UNSHOWN:
            del time[name]
    return _encoder.encode(_marked(line) if partial else line) + b"\n"


def _writable(part: TextPart) -> TextPart:
    """Return a text that can be written: half a surrogate pair is no UTF-8."""
    return msgspec.structs.replace(part, text=_HALF.sub("\N{REPLACEMENT CHARACTER}", part.text))


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of every kind of line, by command."""
    found = {}
    documents: dict[str, type[msgspec.Struct]] = {**LINES, "show": ShowDocument}
    for command, kind in sorted(documents.items()):
        schema = msgspec.json.schema(kind)
        where = schema["$defs"].get("Location")
        if where is not None:
            where["properties"]["text"] = {"type": "string"}
            where["required"] = ["steps", "text"]
        time = schema["$defs"].get("Timestamp")
        if time is not None:
            time["properties"] = {name: of for name, of in time["properties"].items() if name not in _UNSHOWN}
            time["required"] = [name for name in time["required"] if name not in _UNSHOWN]
            del schema["$defs"]["TimeKind"]
        schema["$defs"][kind.__name__]["properties"]["partial"] = {"type": "boolean", "default": False}
        found[command] = {"$schema": _DIALECT, "$id": f"forensics/{command}/1", **schema}
    return found


def _plain(row: msgspec.Struct, partial: bool) -> bytes:
    return _encoder.encode(_marked(msgspec.to_builtins(row)) if partial else row) + b"\n"


def _with_places(row: msgspec.Struct, partial: bool) -> bytes:
    line = _add_text(msgspec.to_builtins(row))
    return _encoder.encode(_marked(line) if partial else line) + b"\n"


def _marked(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "partial": True}


def _add_text(value: Any) -> Any:
    """Put the text beside the steps of every location; the model derives it, the contract shows it."""
    if isinstance(value, dict):
        return {key: _place(key, _add_text(inner)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_add_text(inner) for inner in value]
    return value


def _place(key: str, value: Any) -> Any:
    if key == "occurrences" and isinstance(value, list):
        return [_place("location", inner) for inner in value]
    if key == "location" and isinstance(value, dict):
        return {**value, "text": msgspec.convert({"steps": value["steps"]}, Location).text}
    return value
