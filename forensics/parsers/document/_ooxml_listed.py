"""What the extended properties list of a document's parts, against the parts: sheets, slides with their titles.

Excel and PowerPoint write these lists at each save. A program that changes a part and keeps the properties leaves
the list of the save before.

Source: ECMA-376 part 1, 22.2.2 (HeadingPairs, TitlesOfParts, Slides), 19.2.1 (sldIdLst).
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xml import Element, Value
from forensics.parsers.document._ooxml_part_order import order_facts
from forensics.parsers.document._ooxml_people import slide_ids
from forensics.parsers.document._ooxml_texts import SHOWN
from forensics.parsers.document._ooxml_workbook import sheets as sheets_of
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._xml_texts import words_of

MOST_SLIDES = 2_000
MOST_TOLD = 20
LEAST_CUT = 200
"""Characters of a listed title that may be the beginning of a longer one."""
_NEVER_SHOWN = "veryHidden"
"""The state of a sheet that only a program shows: Excel leaves it out of the list."""
_PRESENTATION, _WORKBOOK = b"ppt/presentation.xml", b"xl/workbook.xml"
_TITLE = re.compile(rb'<p:ph\b[^<>]{0,300}?\btype="(?:title|ctrTitle)"')
_HIDDEN = re.compile(rb'<p:sld\b[^<>]{0,4000}?\bshow="(?:0|false)"')
_WORDS = re.compile(rb"<a:t(?:\s[^<>]{0,100})?>([^<]*)</a:t>|<a:(?:br|p)\b")
_UNLIKE = (b"<m:", b"<mc:", b"<a14:m")
"""Formulas, and what readers of other age are shown in their place."""
_BLANK = re.compile(r"_x[0-9A-Fa-f]{4}_|[\s\u0000-\u001f\u200b\ufeff]+")
_MOST_TITLE = 400
_HEAD = 8_192
"""Bytes in which a slide's first tag stands."""


class Group(NamedTuple):
    """The titles under one heading."""

    heading: str
    titles: list[Value]


class Slide(NamedTuple):
    """What is compared of one slide."""

    name: bytes
    layer: Layer
    title: str
    """Empty: it has none, or none that can be compared."""
    place: tuple[int, int]
    hidden: bool
    notes: bool


def listed_facts(app: Part | None, package: Package, format_id: str, gathering: Gathering) -> None:
    """Compare what the extended properties list with what stands in the package.

    Facts:
        ``ooxml.listed_parts``: how many statements were compared.
        ``ooxml.listed_count_differs``: how many slides, hidden ones or notes there are and are said to be, at the
        property; ``ooxml.listed_sheet_differs``: a sheet that one of the two lacks; ``ooxml.listed_title_differs``: a
        title of a slide that is listed otherwise, at the slide; ``ooxml.wrong_listed_titles``: how many of these there
        are in all.
        ``ooxml.hidden_slide``: a slide that is left out when the presentation is shown: its number and words, at its
        tag.
    """
    compared = 0
    if format_id == "ooxml.excel" and app is not None:
        compared = _sheets(app, package, gathering)
    elif format_id == "ooxml.powerpoint":
        slides, whole = _read_slides(package, gathering)
        hidden_slides(slides if whole else [], gathering)
        if app is not None and whole and slides:
            compared = _slides(app, slides, gathering)
    if compared and app is not None:
        gathering.add_fact("ooxml.listed_parts", str(compared), Locator(path=f"{app.path}#listed_parts"), b"")


def groups(app: Part) -> list[Group]:
    """Return the titles by their headings; none where their numbers do not add up."""
    pairs, titles = (_values(app.root, name) for name in ("HeadingPairs", "TitlesOfParts"))
    found, at = [], 0
    for heading, count in zip(pairs[::2], pairs[1::2], strict=False):
        size = int(count.text) if count.text.isascii() and count.text.isdecimal() and len(count.text) < 8 else 0
        found.append(Group(heading.text, titles[at : at + size]))
        at += size
    return found if at == len(titles) else []


def _values(root: Element, name: str) -> list[Value]:
    held = next((one for one in root.children if one.local == name), None)
    return [one.value for one in held.walk() if one.local in ("lpstr", "lpwstr", "i4")] if held else []


def _sheets(app: Part, package: Package, gathering: Gathering) -> int:
    """Compare the sheets of a workbook, which are listed before its named ranges, with those that are listed."""
    workbook = package.part(_WORKBOOK)
    if workbook is None:
        return 0
    named = [one.attributes for one in workbook.root.walk() if one.local == "sheet" and "name" in one.attributes]
    every = [one["name"] for one in named]
    shown = [one["name"] for one in named if not ("state" in one and one["state"].text == _NEVER_SHOWN)]
    order_facts("sheet", _worksheets(workbook, package), workbook, package, gathering)
    listed = [title for group in groups(app) for title in group.titles]
    if not listed or not every:
        return 0
    sheets = every if [one.text for one in listed[: len(every)]] == [one.text for one in every] else shown
    first = listed[: len(sheets)]
    missing = Counter([one.text for one in sheets]) - Counter([one.text for one in first])
    for one in sheets:
        if missing[one.text] > 0:
            missing[one.text] -= 1
            _tell("sheet", f"the sheet “{one.text[:80]}” is not listed", workbook.path, workbook.layer, one, gathering)
    more = Counter([one.text for one in first]) - Counter([one.text for one in sheets])
    for one in first:
        if more[one.text] > 0:
            more[one.text] -= 1
            _tell("sheet", f"“{one.text[:80]}” is listed, and is no sheet", app.path, app.layer, one, gathering)
    return len(sheets)


def _worksheets(workbook: Part, package: Package) -> list[tuple[bytes, Value]]:
    """Return the part of each worksheet and its name; none where one is missing."""
    found, every = sheets_of(workbook, package)
    names = {
        one.attributes["name"].text: one.attributes["name"]
        for one in workbook.root.walk()
        if one.local == "sheet" and "name" in one.attributes
    }
    known = [(one.part, names[one.name]) for one in found if one.name in names]
    return known if every and len(known) == len(found) else []


def hidden_slides(slides: list[Slide], gathering: Gathering) -> None:
    """Add the slides that are left out when the presentation is shown."""
    found = [(number, one) for number, one in enumerate(slides, 1) if one.hidden]
    for number, one in found[:MOST_TOLD]:
        mark = _HIDDEN.search(one.layer.data[:_HEAD])
        words = " ".join(words_of(one.layer.data, SHOWN).text.split())[:_MOST_TITLE]
        raw = one.layer.cut(mark.span() if mark else None, "")
        locator = raw.locator(f"xml:{quote(one.name)}#hidden_slide")
        gathering.add_fact("ooxml.hidden_slide", f"slide {number}: {words}", locator, raw.data)
    if len(found) > MOST_TOLD:
        gathering.note("limit", f"{len(found)} hidden slides; {MOST_TOLD} are told")


def _slides(app: Part, slides: list[Slide], gathering: Gathering) -> int:
    compared = 0
    for name, what, count in (
        ("Slides", "slides", len(slides)),
        ("HiddenSlides", "hidden slides", sum(one.hidden for one in slides)),
        ("Notes", "slides with notes", sum(one.notes for one in slides)),
    ):
        said = next((one.value for one in app.root.children if one.local == name), None)
        if said is None or not said.text.strip().isdecimal():
            continue
        compared += 1
        if int(said.text[:9]) != count:
            text = f"{name} says {said.text.strip()[:9]}, there are {count} {what}"
            _tell("count", text, app.path, app.layer, said, gathering)
    return compared + _titles(app, slides, gathering)


def _titles(app: Part, slides: list[Slide], gathering: Gathering) -> int:
    """Compare the titles of slides with the list of as many that fits best."""
    lists = [group.titles for group in groups(app) if len(group.titles) == len(slides)]
    if not lists:
        return 0

    def differing(titles: list[Value]) -> list[int]:
        pairs = enumerate(zip(slides, titles, strict=True))
        return [at for at, (slide, title) in pairs if slide.title and not _same(title.text, slide.title)]

    best = min(lists, key=lambda titles: len(differing(titles)))
    wrong = differing(best)
    if wrong:
        path = Locator(path=f"{app.path}#wrong_listed_titles")
        gathering.add_fact("ooxml.wrong_listed_titles", str(len(wrong)), path, b"")
    for at in wrong[:MOST_TOLD]:
        slide = slides[at]
        text = f"slide {at + 1} is “{slide.title[:80]}”, listed is “{best[at].text[:80]}”"
        value = Value(slide.title, slide.place)
        _tell("title", text, f"xml:{quote(slide.name)}", slide.layer, value, gathering)
    return len([one for one in slides if one.title])


def _same(listed: str, shown: str) -> bool:
    one, other = _bare(listed), _bare(shown)
    return one == other or (len(one) >= LEAST_CUT and other.startswith(one))


def _bare(text: str) -> str:
    return _BLANK.sub("", text)


def _read_slides(package: Package, gathering: Gathering) -> tuple[list[Slide], bool]:
    """Return the slides in their order, and whether these are all."""
    presentation, relationships = package.part(_PRESENTATION), package.part(b"ppt/_rels/presentation.xml.rels")
    if presentation is None or relationships is None:
        return [], False
    slide_ids(presentation, gathering)
    targets = {}
    for one in relationships.root.children:
        values = {name: value.text for name, value in one.attributes.items()}
        targets[values.get("Id", "")] = values.get("Target", "").encode("utf-8", "surrogatepass")
    shown = list(_names(presentation, targets))
    names = [name for name, _ in shown]
    if len(names) > MOST_SLIDES:
        gathering.note("part_limit", f"{len(names)} slides, limit {MOST_SLIDES}; they are not compared with their list")
        return [], False
    if len(set(names)) < len(names):
        return [], False
    order_facts("slide", shown, presentation, package, gathering)
    slides = [slide for name in names if (slide := _slide(package, name)) is not None]
    return slides, len(slides) == len(names)


def _names(presentation: Part, targets: dict[str, bytes]) -> Iterator[tuple[bytes, Value]]:
    for one in presentation.root.walk():
        if one.local == "sldId" and one.namespace.endswith("presentationml/2006/main"):
            reference = next((value.text for key, value in one.attributes.items() if key.endswith("}id")), "")
            target = targets.get(reference, b"")
            name = plain(target if target.startswith(b"/") else b"ppt/" + target)
            yield name, one.attributes.get("id", Value("", None))


def _slide(package: Package, name: bytes) -> Slide | None:
    layer = package.layer(name)
    if layer is None:
        return None
    folder, _, file = name.rpartition(b"/")
    notes = package.layer(folder + b"/_rels/" + file + b".rels")
    title, place = _title(layer.data)
    return Slide(
        name,
        layer,
        title,
        place,
        _HIDDEN.search(layer.data[:_HEAD]) is not None,
        notes is not None and b'/notesSlide"' in notes.data,
    )


def _title(data: bytes) -> tuple[str, tuple[int, int]]:
    """Return the text of a slide's title and where it stands; empty where there is none that can be compared."""
    found = _TITLE.search(data)
    if found is None:
        return "", (0, 0)
    start, end = data.rfind(b"<p:sp>", 0, found.start()), data.find(b"</p:sp>", found.end())
    if start < 0 or end < 0 or any(one in data[start:end] for one in _UNLIKE):
        return "", (0, 0)
    # A shape that only newer readers are shown stands in a choice; another stands beside it for the others.
    if data.count(b"<mc:Choice", 0, start) > data.count(b"</mc:Choice", 0, start):
        return "", (0, 0)
    words = list(_WORDS.finditer(data, found.end(), end))
    said = "".join([one[1].decode("utf-8", "replace") if one[1] is not None else " " for one in words])
    title = " ".join(unescape(said).split())
    texts = [one for one in words if one[1]]
    place = (texts[0].start(1), min(texts[-1].end(1), texts[0].start(1) + _MOST_TITLE)) if texts else (0, 0)
    return (title, place) if _bare(title) else ("", (0, 0))


def _tell(kind: str, said: str, path: str, layer: Layer, value: Value, gathering: Gathering) -> None:
    raw = layer.cut(value.span, value.text)
    gathering.add_fact(f"ooxml.listed_{kind}_differs", said, raw.locator(f"{path}#listed_{kind}"), raw.data)
