"""Who a package names: people of comments, with their accounts; what of it is hidden, what remains of comments.

Source: ECMA-376 part 1, 17.3.2.41 (vanish), 18.2.19 (sheet), 19.4 (comments of slides); [MS-XLSX] and [MS-PPTX]
(persons, authors); kb:OOX-6c.
"""

import re

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering
from forensics.parsers._xml import Element
from forensics.parsers.document._ooxml_word import TEXTS
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._xml_scan import Scan, local, named

MOST_PARTS = 100
MOST_TOLD = 200
MOST_TEXT = 300
_AUTHORS = re.compile(rb"(?:ppt/(?:commentAuthors|authors)|xl/persons/person\d{0,6})\.xml", re.IGNORECASE)
_COMMENTS = re.compile(rb"xl/comments\d{0,6}\.xml|xl/comments/comment\d{0,6}\.xml", re.IGNORECASE)
_EXTENDED = b"word/commentsExtended.xml"
_PERSON = ("cmAuthor", "author", "person")


def people_facts(package: Package, gathering: Gathering) -> None:
    """Add the people whom comments name.

    Facts:
        ``ooxml.person``: who comments in a presentation or workbook, with the account that is given;
        ``ooxml.comments_made``: how many comments a presentation counts of one author;
        ``ooxml.comment_author``: an author of a workbook's notes, which name no account.
        ``ooxml.slide_ids``: the numbers of the slides in their order: each new slide takes the next one.
        ``ooxml.hidden_sheet``: a sheet that is not shown, with how far.
    """
    for name in package.named(_AUTHORS, MOST_PARTS):
        if (part := package.part(name)) is not None:
            _people(part, gathering)
    for name in package.named(_COMMENTS, MOST_PARTS):
        if (part := package.part(name)) is not None:
            _noters(part, gathering)


def _people(part: Part, gathering: Gathering) -> None:
    found = [one for one in part.root.walk() if one.local in _PERSON]
    if len(found) > MOST_TOLD:
        gathering.note("limit", f"{len(found)} people in {part.path}; {MOST_TOLD} are told")
    for one in found[:MOST_TOLD]:
        said = {key.rpartition("}")[2]: value.text for inner in one.walk() for key, value in inner.attributes.items()}
        name = next((key for key in ("displayName", "name") if key in one.attributes), "")
        if not name:
            continue
        value = one.attributes[name]
        raw = part.layer.cut(value.span, value.text)
        account = f" ({said.get('providerId', '')}: {said['userId']})" if said.get("userId") else ""
        locator = raw.locator(f"{part.path}#person")
        gathering.add_fact("ooxml.person", f"{value.text}{account}"[:MOST_TEXT], locator, raw.data)
        _attribute(part, one, "lastIdx", "comments_made", gathering)


def _noters(part: Part, gathering: Gathering) -> None:
    authors = next((one for one in part.root.children if one.local == "authors"), None)
    for one in authors.children[:MOST_TOLD] if authors else []:
        # Comments in threads stand among the notes too, under an identifier.
        if one.value.text.strip() and not one.value.text.startswith("tc={"):
            raw = part.layer.cut(one.value.span, one.value.text)
            locator = raw.locator(f"{part.path}#author")
            gathering.add_fact("ooxml.comment_author", one.value.text[:MOST_TEXT], locator, raw.data)


def _attribute(part: Part, element: Element, attribute: str, name: str, gathering: Gathering) -> None:
    value = element.attributes.get(attribute)
    if value is not None:
        raw = part.layer.cut(value.span, value.text)
        locator = raw.locator(f"{part.path}#{element.local}.{attribute}")
        gathering.add_fact(f"ooxml.{name}", value.text[:MOST_TEXT], locator, raw.data)


def slide_ids(part: Part, gathering: Gathering) -> None:
    """Add the numbers of a presentation's slides."""
    found = [one.attributes["id"].text for one in part.root.walk() if one.local == "sldId" and "id" in one.attributes]
    if found:
        gathering.add_fact("ooxml.slide_ids", " ".join(found[:2_000]), Locator(path=f"{part.path}#slide_ids"), b"")


def hidden_sheets(part: Part, gathering: Gathering) -> None:
    """Add the sheets of a workbook that are not shown."""
    for one in part.root.walk():
        state, name = one.attributes.get("state"), one.attributes.get("name")
        if one.local == "sheet" and state is not None and name is not None and state.text != "visible":
            raw = part.layer.cut(state.span, state.text)
            locator = raw.locator(f"{part.path}#sheet.state")
            gathering.add_fact("ooxml.hidden_sheet", f"{name.text}: {state.text}"[:MOST_TEXT], locator, raw.data)


def comment_facts(package: Package, gathering: Gathering, *, every: bool) -> None:
    """Add what remains of comments and of people after changes were accepted, and text that is not shown.

    Facts:
        ``ooxml.comments_gone``: how many comments the list of threads names that are no longer there;
        ``ooxml.person_idle``: a person in the list of people by whom no change or comment is left.
        ``ooxml.hidden_text``: runs with characters that are not shown: how many, and the first words.

    Args:
        package: a document.
        gathering: takes the facts, and has those of its changes.
        every: whether it has every change and comment; if not, nobody is idle.
    """
    threads, left = _Paragraphs("commentEx"), _Paragraphs("p")
    layer = package.layer(_EXTENDED)
    if layer is not None and threads.read(layer.data):
        comments = package.layer(b"word/comments.xml")
        whole = comments is None or left.read(comments.data)
        gone = threads.found - left.found
        if whole and gone:
            path = f"xml:{quote(_EXTENDED)}#comments_gone"
            gathering.add_fact("ooxml.comments_gone", str(len(gone)), Locator(path=path), b"")
    authors = {change.value.partition(" by ")[2] for change in gathering.properties if change.name == "ooxml.change"}
    for person in [one for one in gathering.properties if every and one.name == "ooxml.person"][:MOST_TOLD]:
        who = person.value.rpartition(" (")[0] or person.value
        if not any(one == who or one.startswith(f"{who}: ") for one in authors):
            gathering.add_fact("ooxml.person_idle", person.value, person.locator, person.raw)
    for name in package.named(TEXTS, MOST_PARTS):
        layer = package.layer(name)
        if layer is None or b"w:vanish" not in layer.data:
            continue
        hidden = HiddenRuns()
        if hidden.read(layer.data) and hidden.count:
            raw = layer.cut(hidden.place, hidden.first)
            value = f"{hidden.count}: {hidden.first}"
            gathering.add_fact("ooxml.hidden_text", value, raw.locator(f"xml:{quote(name)}#hidden_text"), raw.data)


class _Paragraphs(Scan):
    """The identifiers of paragraphs in elements of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == self._name and (value := named(attributes, "paraId")):
            self.found.add(value)


class HiddenRuns(Scan):
    """Runs of text that are not shown, by their own properties."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.first = ""
        self.place: tuple[int, int] | None = None
        self._hidden = self._inside = False
        self._start = self._before = 0
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "r":
            self._hidden, self._text = False, []
        elif name == "rPrChange":
            self._before += 1  # it holds the properties of before the change
        elif name == "vanish" and not self._before:
            self._hidden = named(attributes, "val") not in ("0", "false", "off")
        elif name == "t" and self._hidden:
            self._inside, self._start = True, self.at

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "t" and self._inside:
            self._inside = False
            if not self.count and "".join(self._text).strip():
                self.place = self._start, self.at
        elif name == "rPrChange":
            self._before -= 1
        elif name == "r":
            said = "".join(self._text).strip()
            if said and not self.count:
                self.first = said[:MOST_TEXT]
            self.count += bool(said)
            self._hidden, self._text = False, []

    def characters(self, text: str) -> None:
        if self._inside and len(self._text) < MOST_TEXT:
            self._text.append(text)
