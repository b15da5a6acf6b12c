"""What a Word document tells of its editing: revision identifiers, tracked changes, comments, people, templates.

Source: ECMA-376 part 1, 17.15.1.70 and 17.15.1.72 (rsids); [MS-DOCX] 2.5.4 (people, threads of comments).
"""

import re
from typing import NamedTuple

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._ooxml_changes import MOST_CHANGES, change_facts
from forensics.parsers.document._ooxml_fields import field_facts
from forensics.parsers.document._ooxml_paragraphs import Placed, paragraph_facts
from forensics.parsers.document._ooxml_text_part import TEXTS, TextPart
from forensics.parsers.document._ooxml_unseen import unseen_facts
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Full, Scan, local, named, tag_end

MOST_RSIDS = 10_000
RSIDS_TOGETHER = 1_000
"""Listed sessions that one fact holds."""
MOST_PARTS = 200
MOST_IDLE = 200
_RUNNING = re.compile(rb"word/(?:header|footer)", re.IGNORECASE)
SETTINGS, PEOPLE, STYLES = b"word/settings.xml", b"word/people.xml", b"word/styles.xml"
_THREADS, _COMMENTS = b"word/commentsExtended.xml", b"word/comments.xml"

_SETTINGS = {
    "rsidRoot": "rsid_root",
    "themeFontLang": "theme_language",
    "decimalSymbol": "decimal_symbol",
    "listSeparator": "list_separator",
}


class _Text(NamedTuple):
    """A part of the text that was read."""

    name: bytes
    layer: Layer
    part: TextPart


class Person(NamedTuple):
    """Somebody in the list of people, and where its tag begins."""

    name: str
    account: str
    start: int

    @property
    def said(self) -> str:
        """The name with the account that is given."""
        return f"{self.name} ({self.account})" if self.account else self.name


def word_facts(package: Package, gathering: Gathering, application: str) -> None:
    """Add what settings, people and texts of a document tell of its editing."""
    settings = package.layer(SETTINGS)
    if settings is not None:
        settings_facts(settings, f"xml:{quote(SETTINGS)}", gathering)
    people = package.layer(PEOPLE)
    listed_people = people_facts(people, gathering) if people is not None else []
    texts, whole = _texts(package, gathering)
    for name, layer, part in texts:
        change_facts(layer, f"xml:{quote(name)}", part.changes, gathering, application)
    listed = frozenset(gathering.all("ooxml.rsids"))
    use_facts([one.part for one in texts], listed, "xml:word", gathering)
    placed = [
        Placed(layer, f"xml:{quote(name)}", part.paragraphs, _RUNNING.match(name) is not None)
        for name, layer, part in texts
    ]
    paragraph_facts(placed, listed, gathering, whole=whole)
    for name, layer, part in texts:
        if part.fields is not None:
            field_facts(name, layer, part.fields, gathering, application)
    _comments_gone(package, gathering)
    if people is not None and whole:
        authors = set[str]().union(*[one.part.changes.authors for one in texts])
        idle_facts(people, [one for one in listed_people if one.name not in authors], gathering)
    unseen = [(name, layer, part.unseen) for name, layer, part in texts if part.unseen is not None]
    unseen_facts(unseen, package, STYLES, gathering)


def _texts(package: Package, gathering: Gathering) -> tuple[list[_Text], bool]:
    """Return the parts of the text, and whether these are all, each read to its end."""
    names = package.named(TEXTS, MOST_PARTS)
    found, whole = list[_Text](), len(names) == len(package.named(TEXTS))
    for name in names:
        layer, part = package.layer(name), TextPart()
        if layer is None:
            whole = False
            continue
        if not part.read(layer.data):
            whole = False
            text = f"xml:{quote(name)} is read in part: changes, fields and identifiers in it may be more"
            gathering.note("text_partial", text)
        found.append(_Text(name, layer, part))
    return found, whole


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
        raw = layer.cut((start, tag_end(layer.data, start)), value)
        gathering.add_fact(f"ooxml.{name}", value, raw.locator(f"{path}#{name}"), raw.data)
    for first in range(0, len(found.rsids), RSIDS_TOGETHER):
        some = found.rsids[first : first + RSIDS_TOGETHER]
        listed = layer.cut((some[0][1], tag_end(layer.data, some[-1][1])), "")
        value = " ".join([session for session, _ in some])
        gathering.add_fact("ooxml.rsids", value, listed.locator(f"{path}#rsids"), listed.data)


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


def people_facts(layer: Layer, gathering: Gathering) -> list[Person]:
    """Add the people whom changes and comments name: ``ooxml.person``, with the account that is given; return them."""
    found = _People()
    found.read(layer.data)
    if found.more:
        text = f"{len(found.people) + found.more} people in xml:{quote(PEOPLE)}; {MOST_CHANGES} are told"
        gathering.note("limit", text)
    for one in found.people:
        _person("person", one, layer, gathering)
    return found.people


def idle_facts(layer: Layer, idle: list[Person], gathering: Gathering) -> None:
    """Add ``ooxml.person_idle``: a person in the list of people by whom no change or comment is left."""
    for one in idle[:MOST_IDLE]:
        _person("person_idle", one, layer, gathering)
    if len(idle) > MOST_IDLE:
        gathering.note("limit", f"{len(idle)} people without a change or comment; {MOST_IDLE} are told")


def _person(name: str, one: Person, layer: Layer, gathering: Gathering) -> None:
    raw = layer.cut((one.start, tag_end(layer.data, one.start)), "")
    gathering.add_fact(f"ooxml.{name}", one.said, raw.locator(f"xml:{quote(PEOPLE)}#{name}"), raw.data)


class _People(Scan):
    def __init__(self) -> None:
        super().__init__()
        self.people: list[Person] = []
        self.more = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "person":
            if len(self.people) < MOST_CHANGES:
                self.people.append(Person(named(attributes, "author"), "", self.at))
            else:
                self.more += 1
        elif name == "presenceInfo" and self.people and not self.more:
            account = f"{named(attributes, 'providerId')}: {named(attributes, 'userId')}"
            self.people[-1] = self.people[-1]._replace(account=account)


def _comments_gone(package: Package, gathering: Gathering) -> None:
    """Add ``ooxml.comments_gone``: how many comments the list of threads names that are no longer there."""
    layer, threads, left = package.layer(_THREADS), _Paragraphs("commentEx"), _Paragraphs("p")
    if layer is None or not threads.read(layer.data):
        return
    comments = package.layer(_COMMENTS)
    whole = left.read(comments.data) if comments is not None else package.find(_COMMENTS) is None
    gone = threads.found - left.found
    if whole and gone:
        path = f"xml:{quote(_THREADS)}#comments_gone"
        gathering.add_fact("ooxml.comments_gone", str(len(gone)), Locator(path=path), b"")


class _Paragraphs(Scan):
    """The identifiers of paragraphs in elements of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == self._name and (value := named(attributes, "paraId")):
            self.found.add(value)
