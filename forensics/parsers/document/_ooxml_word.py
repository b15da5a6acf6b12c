"""What a Word document tells of its editing: revision identifiers, tracked changes, comments, people, templates.

Source: ECMA-376 part 1, 17.13.4 (comments), 17.13.5 (revisions), 17.15.1.70 and 17.15.1.72 (rsids); [MS-DOCX] 2.5.4.
"""

import re
from typing import NamedTuple

from forensics.model.facts import Description
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers.document._ooxml_paragraphs import Paragraphs, Placed, paragraph_facts
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Full, Scan, local, named

MOST_CHANGES = 2_000
"""Tracked changes and comments of a document that are kept."""
MOST_RSIDS = 10_000
RSIDS_TOGETHER = 1_000
"""Listed sessions that one fact holds."""
MOST_PARTS = 200
MOST_TEXT = 500
"""Characters of a change that are kept."""
TEXTS = re.compile(rb"word/(?:document|footnotes|endnotes|comments|header|footer)\d{0,9}\.xml", re.IGNORECASE)
_RUNNING = re.compile(rb"word/(?:header|footer)", re.IGNORECASE)
SETTINGS, PEOPLE = b"word/settings.xml", b"word/people.xml"

_CHANGES = {
    "ins": "inserted",
    "del": "deleted",
    "moveFrom": "moved away",
    "moveTo": "moved here",
    "rPrChange": "format of words changed",
    "pPrChange": "format of a paragraph changed",
    "sectPrChange": "format of a section changed",
    "tblPrChange": "format of a table changed",
    "tcPrChange": "format of a cell changed",
    "trPrChange": "format of a row changed",
    "cellIns": "cell inserted",
    "cellDel": "cell deleted",
    "comment": "comment",
}
_SETTINGS = {
    "rsidRoot": "rsid_root",
    "themeFontLang": "theme_language",
    "decimalSymbol": "decimal_symbol",
    "listSeparator": "list_separator",
}
_RSIDS = ("rsidR", "rsidRPr", "rsidDel", "rsidP", "rsidRDefault", "rsidTr", "rsidSect")


def word_facts(package: Package, gathering: Gathering, application: str) -> bool:
    """Add what settings, people and texts of a document tell of its editing; return whether all of its texts did."""
    settings = package.layer(SETTINGS)
    if settings is not None:
        settings_facts(settings, f"xml:{quote(SETTINGS)}", gathering)
    people = package.layer(PEOPLE)
    if people is not None:
        people_facts(people, f"xml:{quote(PEOPLE)}", gathering)
    texts: list[TextPart] = []
    placed: list[Placed] = []
    names = package.named(TEXTS, MOST_PARTS)
    whole = len(names) == len(package.named(TEXTS))
    for name in names:
        layer, path, text = package.layer(name), f"xml:{quote(name)}", TextPart()
        if layer is None:
            whole = False
            continue
        if not text.read(layer.data):
            whole = False
            gathering.note("text_partial", f"{path} is read in part: changes and identifiers in it may be more")
        change_facts(layer, path, text, gathering, application)
        texts.append(text)
        placed.append(Placed(layer, path, text.paragraphs, _RUNNING.match(name) is not None))
    listed = frozenset(gathering.all("ooxml.rsids"))
    use_facts(texts, listed, "xml:word", gathering)
    paragraph_facts(placed, listed, gathering, whole=whole)
    return whole and not any(text.more for text in texts)


def settings_facts(layer: Layer, path: str, gathering: Gathering) -> None:
    """Add what the settings say: the table of revision identifiers, languages, template.

    Facts:
        ``ooxml.rsid_root``, ``ooxml.rsids``: the identifiers of the editing sessions as listed, in their order; of a
        long list several.
        ``ooxml.attached_template``, ``ooxml.theme_language``, ``ooxml.decimal_symbol``, ``ooxml.list_separator``.
    """
    found = _Settings()
    if not found.read(layer.data):
        gathering.note("settings_partial", f"{path} is read in part: its list of editing sessions is not taken")
        found.rsids.clear()
    for name, value, start in found.said:
        raw = layer.cut((start, _tag_end(layer.data, start)), value)
        gathering.add_fact(f"ooxml.{name}", value, raw.locator(f"{path}#{name}"), raw.data)
    for first in range(0, len(found.rsids), RSIDS_TOGETHER):
        some = found.rsids[first : first + RSIDS_TOGETHER]
        listed = layer.cut((some[0][1], _tag_end(layer.data, some[-1][1])), "")
        value = " ".join([session for session, _ in some])
        gathering.add_fact("ooxml.rsids", value, listed.locator(f"{path}#rsids"), listed.data)


def _tag_end(data: bytes, start: int) -> int:
    return data.find(b">", start) + 1 or len(data)


class _Settings(Scan):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str, int]] = []
        self.rsids: list[tuple[str, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "rsid":
            if len(self.rsids) >= MOST_RSIDS:
                raise Full
            self.rsids.append((named(attributes, "val").upper(), self.at))
        elif name in _SETTINGS:
            self.said.append((_SETTINGS[name], " ".join([one for one in attributes.values() if one]), self.at))


class Change(NamedTuple):
    """A tracked change or a comment."""

    kind: str
    author: str
    date: str
    utc: str
    """As ``w16du:dateUtc`` gives it; empty: not given."""
    start: int
    text: str


class TextPart(Scan):
    """What one part of a document's text tells of its editing.

    Attributes:
        changes: tracked changes and comments.
        last: of those beyond what is kept the latest, and ``more`` how many these are.
        used: identifiers of editing sessions, and how many elements name each.
        languages: of runs, and how many name each.
        pages: sizes of pages in twentieths of a point, and how many sections have each.
        paragraphs: which session each paragraph is of.
    """

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Change] = []
        self.used: dict[str, int] = {}
        self.languages: dict[str, int] = {}
        self.pages: dict[str, int] = {}
        self.paragraphs = Paragraphs()
        self.last: Change | None = None
        self.more = 0
        self._open: list[tuple[int, str, dict[str, str], int, list[str]]] = []
        self._inside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.paragraphs.start(tag, attributes, self.at)
        if name in _CHANGES and (author := named(attributes, "author")) + (named(attributes, "date")):
            self._open.append((self._depth, name, {**attributes, "author": author}, self.at, []))
        elif name in ("t", "delText"):
            self._inside += 1
        elif name == "lang":
            value = named(attributes, "val")
            if value:
                self.languages[value] = self.languages.get(value, 0) + 1
        elif name == "pgSz":
            size = f"{named(attributes, 'w')}x{named(attributes, 'h')}"
            self.pages[size] = self.pages.get(size, 0) + 1
        for key, value in attributes.items():
            if "rsid" in key and local(key) in _RSIDS:
                self.used[value] = self.used.get(value, 0) + 1

    def end(self, tag: str) -> None:
        name = local(tag)
        self.paragraphs.end(tag)
        if name in ("t", "delText"):
            self._inside = max(0, self._inside - 1)
        elif self._open and self._open[-1][1] == name and self._open[-1][0] == self._depth + 1:
            _, kind, attributes, start, said = self._open.pop()
            change = Change(
                kind=_CHANGES[kind],
                author=named(attributes, "author"),
                date=named(attributes, "date"),
                utc=named(attributes, "dateUtc"),
                start=start,
                text="".join(said)[:MOST_TEXT],
            )
            if len(self.changes) < MOST_CHANGES:
                self.changes.append(change)
                return
            self.more += 1
            if self.last is None or change.date > self.last.date:
                self.last = change

    def characters(self, text: str) -> None:
        if self._inside:
            self.paragraphs.words(text)
            for *_, said in self._open:
                if len(said) < MOST_TEXT:
                    said.append(text)


def change_facts(layer: Layer, path: str, part: TextPart, gathering: Gathering, owner: str) -> None:
    """Add tracked changes and comments, each with who, when and what; of those beyond the limit the latest.

    Facts:
        ``ooxml.change``: what was changed, by whom, and its words; at its tag.
        Times of kind `TimeKind.TRACKED_CHANGE` (the author's wall time, whatever zone is written behind it) and
        `TimeKind.TRACKED_CHANGE_UTC`.
    """
    for place, change in enumerate([*part.changes, *([part.last] if part.last else [])]):
        raw = layer.cut((change.start, _tag_end(layer.data, change.start)), "")
        where = f"{path}#change[{place}]"
        said = f": {change.text}" if change.text else ""
        gathering.add_fact("ooxml.change", f"{change.kind} by {change.author}{said}", raw.locator(where), raw.data)
        if change.date:
            written = w3cdtf(change.date.removesuffix("Z"))
            span = _value_span(layer.data, change, "date", change.date)
            date = layer.cut(span, change.date)
            gathering.add_time(
                written,
                TimeKind.TRACKED_CHANGE,
                Description.RECORDED,
                date.locator(f"{where}.date"),
                date.data,
                owner=owner,
            )
        if change.utc:
            span = _value_span(layer.data, change, "dateUtc", change.utc)
            date = layer.cut(span, change.utc)
            gathering.add_time(
                w3cdtf(change.utc),
                TimeKind.TRACKED_CHANGE_UTC,
                Description.RECORDED,
                date.locator(f"{where}.dateUtc"),
                date.data,
                owner=owner,
            )
    if part.more:
        gathering.note("changes", f"{part.more} tracked changes more than the limit in {path}; the latest is told")


def _value_span(data: bytes, change: Change, name: str, value: str) -> tuple[int, int] | None:
    """Return where an attribute's value stands in its tag; ``None`` where it is written in another way."""
    end = _tag_end(data, change.start)
    found = re.search(rb"[:\s]" + name.encode() + rb"\s{0,8}=\s{0,8}[\"']", data[change.start : end])
    if found is None:
        return None
    start = change.start + found.end()
    raw = value.encode("utf-8", "surrogatepass")
    return (start, start + len(raw)) if data.startswith(raw, start) else None


def use_facts(parts: list[TextPart], listed: frozenset[str], path: str, gathering: Gathering) -> None:
    """Add what the texts of a document use together.

    Facts:
        ``ooxml.rsids_used``: identifiers of editing sessions with the number of elements that name each.
        ``ooxml.rsids_unlisted``: those of them that the settings do not list; none where no list was read whole.
        ``ooxml.languages``: languages of runs with the number of runs.
        ``ooxml.page_sizes``: widths and heights of pages with the number of sections.
    """
    used: dict[str, int] = {}
    languages: dict[str, int] = {}
    pages: dict[str, int] = {}
    for part in parts:
        for counts, into in ((part.used, used), (part.languages, languages), (part.pages, pages)):
            for value, count in counts.items():
                into[value] = into.get(value, 0) + count
    for name, counts in (
        ("rsids_used", used),
        ("rsids_unlisted", {one: count for one, count in used.items() if listed and one.upper() not in listed}),
        ("languages", languages),
        ("page_sizes", pages),
    ):
        if counts:
            ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_RSIDS]
            value = " ".join([f"{one}:{count}" for one, count in ordered])
            gathering.add_fact(f"ooxml.{name}", value, Locator(path=f"{path}#{name}"), b"")


def people_facts(layer: Layer, path: str, gathering: Gathering) -> None:
    """Add the people whom changes and comments name: ``ooxml.person``, with the account that is given."""
    found = _People()
    found.read(layer.data)
    for name, account, start in found.people:
        raw = layer.cut((start, _tag_end(layer.data, start)), "")
        value = f"{name} ({account})" if account else name
        gathering.add_fact("ooxml.person", value, raw.locator(f"{path}#person"), raw.data)


class _People(Scan):
    def __init__(self) -> None:
        super().__init__()
        self.people: list[tuple[str, str, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "person" and len(self.people) < MOST_CHANGES:
            self.people.append((named(attributes, "author"), "", self.at))
        elif name == "presenceInfo" and self.people:
            account = f"{named(attributes, 'providerId')}: {named(attributes, 'userId')}"
            self.people[-1] = (self.people[-1][0], account, self.people[-1][2])
