"""What a workbook says of itself: its sheets, the builds that saved it, the folder of the last save, its pivot tables.

Source: ECMA-376 part 1, 18.2 (workbook), 18.10.1.67 (pivot cache); [MS-XLSX] 2.6.1 (absPath), 2.6.69 (revisionPtr).
"""

from typing import NamedTuple

from forensics.model.facts import Absence, Description, Precision
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import UNPARSABLE, WrittenDate
from forensics.parsers.document._ooxml_cells import MOST_CELLS, Cells
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._part_names import plain

_ATTRIBUTES = {
    "fileVersion": ("lastEdited", "lowestEdited", "rupBuild", "appName"),
    "calcPr": ("calcId", "calcMode", "fullCalcOnLoad", "fullPrecision", "iterate", "calcCompleted"),
    "workbookPr": ("date1904",),
    "absPath": ("url",),
    "revisionPtr": ("documentId", "coauthVersionLast"),
    "fileSharing": ("userName",),
    "oleSize": ("ref",),
}
_NAMES = {
    "lastEdited": "last_edited",
    "lowestEdited": "lowest_edited",
    "rupBuild": "build",
    "appName": "app_name",
    "calcId": "calc_id",
    "calcMode": "calc_mode",
    "fullCalcOnLoad": "full_calc_on_load",
    "fullPrecision": "full_precision",
    "iterate": "iterate",
    "calcCompleted": "calc_completed",
    "date1904": "date_1904",
    "url": "folder",
    "documentId": "document_id",
    "coauthVersionLast": "coauthoring_version",
    "userName": "reserved_by",
    "ref": "shown_elsewhere",
}
WORKBOOK = b"xl/workbook.xml"
_WITHOUT_CELLS = (b"chartsheets/", b"dialogsheets/")
_DAY_TICKS = 24 * 3600 * 10_000_000
_EPOCH_1900 = -25_569 * _DAY_TICKS
"""Day 0 of a workbook's serial dates, 1899-12-30."""
_EPOCH_1904 = -24_107 * _DAY_TICKS
_LAST_SERIAL = 2_958_465
"""9999-12-31."""


class Sheet(NamedTuple):
    """A worksheet: its name, the number that the calculation chain calls it by, the name of its part, its state."""

    name: str
    number: str
    part: bytes
    state: str = ""
    """``hidden``, ``veryHidden`` (no menu shows it); empty: it is shown."""


class ReadSheet(NamedTuple):
    """A worksheet whose cells were read."""

    sheet: Sheet
    layer: Layer
    path: str
    """Start of every locator path in it."""
    cells: Cells


def read_cells(
    part: Part, package: Package, *, named: bool = False, masked: frozenset[str] = frozenset(), room: int = MOST_CELLS
) -> tuple[list[ReadSheet], bool]:
    """Return the sheets with their cells, and whether these are all.

    Args:
        part: the workbook.
        package: that it stands in.
        named: whether to keep which cell names which string.
        masked: numbers of the cell formats that show nothing.
        room: cells that are read at most.
    """
    read: list[ReadSheet] = []
    found, whole = sheets(part, package)
    for sheet in found:
        layer = package.layer(sheet.part)
        if layer is None:
            whole = False
            continue
        cells = Cells(room, named=named, hidden=bool(sheet.state), masked=masked)
        whole &= cells.read(layer.data)
        room -= len(cells.formulas) + len(cells.numbers) + len(cells.others)
        read.append(ReadSheet(sheet, layer, f"xml:{quote(sheet.part)}", cells))
    return read, whole


def workbook_facts(part: Part, gathering: Gathering) -> None:
    """Add what the workbook's own part says, each as ``ooxml.workbook_*``."""
    for element in part.root.walk():
        for attribute in _ATTRIBUTES.get(element.local, ()):
            value = element.attributes.get(attribute)
            if value is not None:
                raw = part.layer.cut(value.span, value.text)
                locator = raw.locator(f"{part.path}#{element.local}.{attribute}")
                gathering.add_fact(f"ooxml.workbook_{_NAMES[attribute]}", value.text, locator, raw.data)


def sheets(part: Part, package: Package) -> tuple[list[Sheet], bool]:
    """Return the sheets with cells in their order, and whether these are all: no part of one is missing."""
    relationships = package.part(b"xl/_rels/workbook.xml.rels")
    targets: dict[str, bytes] = {}
    for one in relationships.root.children if relationships else []:
        values = {name: value.text for name, value in one.attributes.items()}
        target = values.get("Target", "")
        path = target if target.startswith("/") else f"xl/{target}"
        targets[values.get("Id", "")] = plain(path.encode("utf-8", "surrogatepass"))
    found, every = [], True
    for element in part.root.walk():
        if element.local == "sheet":
            values = {name.rpartition("}")[2]: value.text for name, value in element.attributes.items()}
            name = targets.get(values.get("id", ""), b"")
            if any(kind in name for kind in _WITHOUT_CELLS):
                continue
            if package.find(name) is None:
                every = False
            else:
                state = values.get("state", "visible")
                hidden = "" if state == "visible" else state
                found.append(Sheet(values.get("name", ""), values.get("sheetId", ""), name, hidden))
    return found, every


def pivot_facts(part: Part, gathering: Gathering) -> None:
    """Add who refreshed a pivot table's cache and when: ``ooxml.pivot_refreshed_by``, `TimeKind.PIVOT_REFRESHED`."""
    user = part.root.attributes.get("refreshedBy")
    if user is not None:
        raw = part.layer.cut(user.span, user.text)
        gathering.add_fact("ooxml.pivot_refreshed_by", user.text, raw.locator(f"{part.path}#refreshedBy"), raw.data)
    when = part.root.attributes.get("refreshedDate")
    if when is not None:
        raw = part.layer.cut(when.span, when.text)
        old = gathering.first("ooxml.workbook_date_1904") in ("1", "true")
        gathering.add_time(
            _serial(when.text, _EPOCH_1904 if old else _EPOCH_1900),
            TimeKind.PIVOT_REFRESHED,
            Description.RECORDED,
            raw.locator(f"{part.path}#refreshedDate"),
            raw.data,
            owner=gathering.first("ooxml.application"),
        )


def _serial(text: str, epoch: int) -> WrittenDate:
    """Return the wall time of a serial date: days and their fraction since the workbook's epoch."""
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 1 <= days <= _LAST_SERIAL:
        return UNPARSABLE
    wall = epoch + round(days * 24 * 3600) * 10_000_000
    absent = Absence.NOT_PRESENT
    return WrittenDate(instant=absent, wall=wall, offset_s=absent, precision=Precision.SECOND)


def letters(column: int) -> str:
    """Return the name of a column, 1 = A."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def unfinished(gathering: Gathering) -> bool:
    """Whether the workbook was saved before all was computed."""
    return gathering.first("ooxml.workbook_calc_completed").lower() in ("0", "false", "off")


def is_set(gathering: Gathering, name: str) -> bool:
    """Whether a switch of the workbook is on."""
    return gathering.first(f"ooxml.workbook_{name}").lower() in ("1", "true", "on")
