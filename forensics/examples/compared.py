"""Builders for rules and tests: two documents that were compared."""

import msgspec

from forensics.examples.files import location
from forensics.model.comparing import ComparedItem, ComparedLine, Difference, Outcome
from forensics.model.facts import Located
from forensics.model.locations import Locator


def compared(one: str, other: str, *found: Difference, matched_by: str, whole: bool = True) -> str:
    """Return what differs between two documents, as tables keep it.

    Args:
        one: the first digit of the one's digest; ``0`` is the document that a case is about.
        other: of the other's.
        found: what differs.
        matched_by: what tied them.
        whole: whether all of both was compared.
    """
    line = ComparedLine(
        outcome=Outcome.DIFFERS,
        one=_item(one),
        other=_item(other),
        matched_by=matched_by,
        differences=found,
        whole=whole,
    )
    return msgspec.json.encode(line).decode()


def _item(digit: str) -> ComparedItem:
    return ComparedItem(sha256=digit * 64, location=location(f"leak/{digit}.docx", sha256=digit * 64))


def said(value: str) -> Located:
    """Return words of a document's text."""
    return Located(value, b"", Locator(path="xml:word/document.xml"))
