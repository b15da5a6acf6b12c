"""One part of a Word document's text, gone through once for all that is asked of it."""

import re

from forensics.parsers.document._ooxml_changes import NAMES as CHANGES
from forensics.parsers.document._ooxml_changes import Changes
from forensics.parsers.document._ooxml_fields import NAMES as FIELDS
from forensics.parsers.document._ooxml_fields import Fields, may_have_fields
from forensics.parsers.document._ooxml_paragraphs import NAMES as PARAGRAPHS
from forensics.parsers.document._ooxml_paragraphs import Paragraphs
from forensics.parsers.document._ooxml_unseen import NAMES as UNSEEN
from forensics.parsers.document._ooxml_unseen import Unseen, may_hide
from forensics.parsers.document._xml_scan import Scan, local, named

TEXTS = re.compile(rb"word/(?:document|footnotes|endnotes|comments|header|footer)\d{0,9}\.xml", re.IGNORECASE)
_ASKED = frozenset({"t", "delText", "lang", "pgSz"}) | CHANGES | FIELDS | PARAGRAPHS | UNSEEN
"""Names of elements of which anything is asked; all others, which are most, are passed by."""
_SESSIONS = frozenset({"rsidR", "rsidRPr", "rsidDel", "rsidP", "rsidRDefault", "rsidTr", "rsidSect"})


class TextPart(Scan):
    """What one part of a document's text tells of its editing.

    Attributes:
        changes: tracked changes and comments.
        used: identifiers of editing sessions, and how many elements name each.
        languages: of runs, and how many name each.
        pages: sizes of pages in twentieths of a point, and how many sections have each.
        paragraphs: which session each paragraph is of.
        fields: that it shows; not looked for where none of them is named.
        unseen: runs that are not shown; likewise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.changes, self.paragraphs = Changes(), Paragraphs()
        self.used: dict[str, int] = {}
        self.languages: dict[str, int] = {}
        self.pages: dict[str, int] = {}
        self.fields: Fields | None = None
        self.unseen: Unseen | None = None
        self._inside = 0

    def read(self, data: bytes) -> bool:
        """Read a part; return whether all of it was."""
        self.fields = Fields() if may_have_fields(data) else None
        self.unseen = Unseen() if may_hide(data) else None
        return super().read(data)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        for key, value in attributes.items():
            if "rsid" in key and local(key) in _SESSIONS:
                self.used[value] = self.used.get(value, 0) + 1
        if name not in _ASKED:
            return
        at = self.at
        self.paragraphs.start(tag, attributes, at)
        self.changes.start(name, attributes, at, self._depth)
        if self.fields is not None:
            self.fields.start(name, attributes, at)
        if self.unseen is not None:
            self.unseen.start(name, attributes, at)
        if name in ("t", "delText"):
            self._inside += 1
        elif name == "lang":
            _count(self.languages, named(attributes, "val"))
        elif name == "pgSz":
            _count(self.pages, f"{named(attributes, 'w')}x{named(attributes, 'h')}")

    def end(self, tag: str) -> None:
        name = local(tag)
        if name not in _ASKED:
            return
        self.paragraphs.end(tag)
        self.changes.end(name, self._depth + 1)
        if self.fields is not None:
            self.fields.end(name, self.at)
        if self.unseen is not None:
            self.unseen.end(name, self.at)
        if name in ("t", "delText"):
            self._inside = max(0, self._inside - 1)

    def characters(self, text: str) -> None:
        if self._inside:
            self.paragraphs.words(text)
            self.changes.words(text)
        if self.fields is not None:
            self.fields.characters(text)
        if self.unseen is not None:
            self.unseen.characters(text)


def _count(counts: dict[str, int], value: str) -> None:
    if value:
        counts[value] = counts.get(value, 0) + 1
