"""Counts the characters of an OpenDocument text as LibreOffice counts them when it saves it, since version 5.

It counts what the text shows: characters of all paragraphs, those of margins too, a tab or a line break as one. Numbers
and bullets of lists count as well and stand nowhere; notes, comments, tracked changes and hidden text are counted by
rules of their own: a text with any of these is not compared. Older versions and OpenOffice count pictures and more.

Source: OASIS OpenDocument 1.3 part 3, 3.1.2 (text documents), 4.3.2.18 (meta:document-statistic), 6.1 (white space);
what counts is seen in files.
"""

import re
import unicodedata
from collections import Counter

from forensics.parsers._gathering import Gathering, Raw
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Scan, local, named

_COUNTERS = re.compile(r"LibreOffice/(?:[5-9]|[1-9][0-9])\.")
_SPACES = re.compile(r"[ \t\r\n]+")
_PARAGRAPHS = frozenset({"p", "h"})
_APART = frozenset({"frame", "text-box", "title", "desc", "event-listeners"})
"""What stands in a paragraph without being its text, by names outside the namespace of text; paragraphs of their own
in it count."""
_UNSHOWN = frozenset({"caption", "circle", "connector", "control", "custom-shape", "ellipse", "forms", "g", "line"}) | {
    "measure",
    "path",
    "polygon",
    "polyline",
    "rect",
    "regular-polygon",
}
"""Shapes and forms, likewise: their paragraphs are none of the text."""
_TEMPLATES = frozenset({"index-title-template", "ruby-text"})
"""In the namespace of text."""
_UNSURE = frozenset(
    {
        "list",
        "numbered-paragraph",
        "note",
        "annotation",
        "tracked-changes",
        "hidden-text",
        "hidden-paragraph",
        "conditional-text",
        "script",
        "covered-table-cell",
    }
)
_COMBINING = frozenset({"Mn", "Me", "Mc", "Cf"})
"""Accents, signs of vowels, what chooses a picture for a character, joiners."""
_ONE = frozenset({"tab", "line-break"})
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_DIGITS = 9
MOST_SPACES = 1_000_000


def counts(generator: str) -> bool:
    """Whether a program that names itself so counts as is told here."""
    return _COUNTERS.match(generator) is not None


def counted_facts(package: Package, gathering: Gathering, stated: Raw, path: str) -> None:
    """Add how many characters a text has, where that can be told from its parts.

    Args:
        package: of a text; its parts are not encrypted.
        gathering: takes the facts.
        stated: the number that its metadata state.
        path: of that number.

    Facts:
        ``odf.characters``: the number stated, the least and the most that the parts allow, as ``120 118 125``; the
        most has the margins, which only pages that are used show, and characters that take two units in UTF-16; the
        least leaves out the texts of boxes, which some versions do not count, and what combines with the letter before.
    """
    content, styles = package.layer(b"content.xml"), package.layer(b"styles.xml")
    if content is None or styles is None or not stated.data.isdigit() or len(stated.data) > MOST_DIGITS:
        return
    body, margins = _Count(), _Count("master-styles")
    if not body.read(content.data) or body.unsure or not margins.read(styles.data) or margins.unsure:
        return
    if body.headings and margins.outline:
        return
    least = body.characters_counted - body.combining - body.boxed
    most = body.characters_counted + body.wide + margins.characters_counted + margins.wide
    gathering.add_fact("odf.characters", f"{int(stated.data)} {least} {most}", stated.locator(path), stated.data)


def _leaves_out(name: str, text: bool) -> bool:
    return name in (_TEMPLATES if text else _UNSHOWN)


class _Count(Scan):
    """Counts the characters of one part.

    Attributes:
        characters_counted: how many there are.
        combining: how many of them combine with the one before, outside boxes.
        boxed: how many of them stand in boxes.
        wide: how many of them take two units in UTF-16.
        headings: whether there are headings.
        outline: whether headings are numbered.
        unsure: whether something is in it that is counted otherwise.
    """

    def __init__(self, inside: str = "body") -> None:
        super().__init__()
        self.characters_counted = self.combining = self.boxed = self.wide = 0
        self.headings = self.outline = self.unsure = False
        self._inside, self._within = inside, False
        self._shown: list[bool] = [False]
        self._left_out = self._boxes = 0
        self._outlined = False
        self._after_space = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self._after_space = False
        if name == self._inside:
            self._within = True
        if name == "outline-style":
            self._outlined = True
        elif self._outlined and named(attributes, "num-format"):
            self.outline = True
        if not self._within:
            return
        text, shown = tag.startswith(_TEXT), self._shown[-1]
        self._boxes += name == "text-box"
        self._left_out += _leaves_out(name, text)
        if text and name in _PARAGRAPHS:
            shown = not self._left_out
            self.headings = self.headings or name == "h"
        elif _leaves_out(name, text) or (not text and name in _APART):
            shown = False
        elif name in _UNSURE or (name == "section" and named(attributes, "display") not in ("", "true")):
            self.unsure = True
        elif shown and name in _ONE:
            self._count(1)
        elif shown and name == "s":
            told = named(attributes, "c") or "1"
            self._count(min(int(told), MOST_SPACES) if told.isdecimal() and len(told) < MOST_DIGITS else 1)
        self._shown.append(shown)

    def end(self, tag: str) -> None:
        name = local(tag)
        self._after_space = False
        if name == "outline-style":
            self._outlined = False
        if not self._within:
            return
        self._shown.pop()
        self._boxes -= name == "text-box"
        self._left_out -= _leaves_out(name, tag.startswith(_TEXT))
        if name == self._inside:
            self._within = False

    def characters(self, text: str) -> None:
        if not self._shown[-1]:
            return
        shown = _SPACES.sub(" ", text)
        self._count(len(shown) - (self._after_space and shown[0] == " "))
        self._after_space = shown[-1] == " "
        if not text.isascii():
            for one, times in Counter(text).items():
                if one > "\u02ff":
                    self.combining += times * (not self._boxes and unicodedata.category(one) in _COMBINING)
                    self.wide += times * (one > "\uffff")

    def _count(self, more: int) -> None:
        self.characters_counted += more
        self.boxed += more if self._boxes else 0
