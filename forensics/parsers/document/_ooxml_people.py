"""Who a presentation or workbook names: people of comments, with their accounts; slides' numbers, hidden sheets.

Source: ECMA-376 part 1, 18.2.19 (sheet), 19.4 (comments of slides); [MS-XLSX] and [MS-PPTX] (persons, authors);
kb:OOX-6c.
"""

import re

from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers._xml import Element
from forensics.parsers.document._package import Package, Part

MOST_PARTS = 100
MOST_TOLD = 200
MOST_SLIDES = 2_000
MOST_TEXT = 300
_AUTHORS = re.compile(rb"(?:ppt/(?:commentAuthors|authors)|xl/persons/person\d{0,6})\.xml", re.IGNORECASE)
_COMMENTS = re.compile(rb"xl/comments\d{0,6}\.xml|xl/comments/comment\d{0,6}\.xml", re.IGNORECASE)
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
    found = list(authors.children) if authors else []
    if len(found) > MOST_TOLD:
        gathering.note("limit", f"{len(found)} authors of notes in {part.path}; {MOST_TOLD} are looked at")
    for one in found[:MOST_TOLD]:
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
    if len(found) > MOST_SLIDES:
        gathering.note("limit", f"{len(found)} slides in {part.path}; the numbers of {MOST_SLIDES} are told")
    if found:
        gathering.add_fact(
            "ooxml.slide_ids", " ".join(found[:MOST_SLIDES]), Locator(path=f"{part.path}#slide_ids"), b""
        )


def hidden_sheets(part: Part, gathering: Gathering) -> None:
    """Add the sheets of a workbook that are not shown."""
    for one in part.root.walk():
        state, name = one.attributes.get("state"), one.attributes.get("name")
        if one.local == "sheet" and state is not None and name is not None and state.text != "visible":
            raw = part.layer.cut(state.span, state.text)
            locator = raw.locator(f"{part.path}#sheet.state")
            gathering.add_fact("ooxml.hidden_sheet", f"{name.text}: {state.text}"[:MOST_TEXT], locator, raw.data)
