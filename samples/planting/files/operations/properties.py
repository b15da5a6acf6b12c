"""Dates and names in the properties of a package, editing sessions, tracked changes, cached figures of a chart."""

import re
from datetime import UTC, datetime, timedelta
from random import Random

from lxml import etree

from samples.planting.files.folder import File, Folder, authors_but
from samples.planting.files.operation import PACKAGES, FileOperation, FilePlant, later, patched
from samples.planting.files.package import Marks
from samples.planting.files.texts import other_number
from samples.planting.mime import Unfit

CORE, APP = "docProps/core.xml", "docProps/app.xml"
_DATES = re.compile(r"(<dcterms:(?:created|modified)(?:\s[^>]*)?>)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?=<)")
_MODIFIED = re.compile(r"(<dcterms:modified(?:\s[^>]*)?>)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?=<)")
_TERMS = "{http://purl.org/dc/terms/}"
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_NAMES = r"(<(?:dc:creator|cp:lastModifiedBy)>)([^<>&]{4,40})(?=</)"
_ROOT = re.compile(r'(<w:rsidRoot w:val=")([0-9A-F]{8})(?=")')
_SESSION = re.compile(r'<w:rsid w:val="([0-9A-F]{8})"/>')
_CHANGE = re.compile(r'<w:(?:ins|del|moveFrom|moveTo) [^>]*w:author="([^"<>&]{3,40})"[^>]*w:date="([0-9T:Z-]{20})"')
_CACHED = re.compile(r"(?<=<c:v>)-?[1-9]\d*(?:\.\d+)?(?=</c:v>)")
_MINUTES = (1, 7, 13, 24, 38, 41, 52)


def _moved(text: str, by: timedelta) -> str:
    return (datetime.strptime(text, _FORM).replace(tzinfo=UTC) + by).strftime(_FORM)


def dates_by_lxml(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-08: both dates set to others to the second, the part written by lxml and put back by a zip program."""
    root = etree.fromstring(file.package.content(CORE), etree.XMLParser(resolve_entities=False))
    by = timedelta(0) if sham else -timedelta(days=rng.randrange(20, 400), seconds=rng.randrange(1, 60))
    said = []
    for name in ("created", "modified"):
        for element in root.iter(f"{_TERMS}{name}"):
            old = element.text or ""
            if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", old):
                element.text = _moved(old, by)
                said.append(f"{name} {old} -> {element.text}")
    if not said:
        raise Unfit("no dates")
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    data = file.package.holding(CORE, content, Marks.UNIX, later(file, rng)).encode()
    return FilePlant(data, "D", "; ".join(said))


def dates_in_place(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-09: both dates moved back alike, in equal length and in whole minutes, under Office's own marks."""
    by = -timedelta(days=rng.randrange(20, 400), minutes=rng.choice(_MINUTES))
    old = file.text(CORE)
    text = _DATES.sub(lambda found: found[1] + _moved(found[2], by), old)
    # Tracked changes and comments keep their own clocks; without any, nothing in the file speaks against it.
    dated = [name for name in file.parts(r"word/(?:document|comments)\.xml") if " w:date=" in file.text(name)]
    cls = "P" if dated else "N"
    return None if sham else patched(file, CORE, text, f"created and modified by {by.days} days", cls)


def modified_alone(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-10: the last save moved to a time before the creation."""
    if file.created is None or file.modified is None or file.modified < file.created or sham:
        return None
    at = (file.created - timedelta(days=rng.randrange(2, 90), minutes=rng.choice(_MINUTES))).strftime(_FORM)
    old = file.text(CORE)
    if at < "1980":
        return None
    text = _MODIFIED.sub(lambda found: found[1] + at, old)
    return patched(file, CORE, text, f"modified {file.core('dcterms:modified')} -> {at}", "D")


def author_replaced(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-11: author and last author replaced by another of the archive; other parts may still hold the name."""
    old = {found[2] for found in re.finditer(_NAMES, file.text(CORE))}
    others = authors_but(folder, old)
    if not old or not others or sham:
        return None
    new = rng.choice(others)
    text = re.sub(_NAMES, lambda found: found[1] + new, file.text(CORE))
    held = file.parts(r"word/(?:people|comments|document)\.xml|xl/workbook\.xml|ppt/commentAuthors\.xml")
    kept = any(name.encode() in file.package.content(part) for part in held for name in old)
    return patched(file, CORE, text, f"{sorted(old)} -> {new!r}", "P" if kept else "N")


def session_appended(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-12: an editing session put at the end of the list, out of its order."""
    old = file.text("word/settings.xml")
    found = list(_SESSION.finditer(old))
    if len(found) < 3 or int(found[-1][1], 16) < 0x20000 or sham:
        return None
    new = f"{rng.randrange(0x10000, int(found[-1][1], 16)):08X}"
    text = old[: found[-1].end()] + f'<w:rsid w:val="{new}"/>' + old[found[-1].end() :]
    return patched(file, "word/settings.xml", text, f"rsid {new} appended", "D")


def root_replaced(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-13: the first editing session is one that the list does not hold."""
    old = file.text("word/settings.xml")
    if not _ROOT.search(old) or sham:
        return None
    new = f"{rng.randrange(0x100000, 0xFFFFFF):08X}"
    text, count = _ROOT.subn(rf"\g<1>{new}", old)
    return patched(file, "word/settings.xml", text, f"rsidRoot -> {new}", "D") if count == 1 else None


def change_author(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-14: all tracked changes of one person given to another."""
    old = file.text("word/document.xml")
    found = sorted({one[1] for one in _CHANGE.finditer(old)})
    if not found or sham:
        return None
    name = rng.choice(found)
    others = authors_but(folder, [name])
    if not others:
        return None
    new = rng.choice(others)
    text = old.replace(f'w:author="{name}"', f'w:author="{new}"')
    people = [part for part in ("word/people.xml", "word/comments.xml", CORE) if part in file.package.by_name]
    kept = any(name.encode() in file.package.content(part) for part in people)
    return patched(file, "word/document.xml", text, f"{name!r} -> {new!r}", "P" if kept else "N")


def change_date(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-15: a tracked change dated after the last save."""
    old = file.text("word/document.xml")
    found = list(_CHANGE.finditer(old))
    if not found or file.modified is None or sham:
        return None
    one = rng.choice(found)
    at = file.modified + timedelta(days=rng.randrange(3, 120), minutes=rng.choice(_MINUTES))
    new = at.strftime("%Y-%m-%dT%H:%M:00Z")
    text = old[: one.start(2)] + new + old[one.end(2) :]
    return patched(file, "word/document.xml", text, f"change of {one[2]} -> {new}", "D")


def chart_cache(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-16: a figure that a chart shows, changed in the chart; the cell or sheet that it came from stays."""
    names = file.parts(r"(?:word|xl|ppt)/charts/chart\d*\.xml")
    if not names or sham:
        return None
    part = rng.choice(names)
    old = file.text(part)
    found = list(_CACHED.finditer(old))
    if not found:
        return None
    one = rng.choice(found)
    new = other_number(one[0], rng)
    return patched(file, part, old[: one.start()] + new + old[one.end() :], f"{part}: {one[0]} -> {new}", "P")


OPERATIONS = (
    FileOperation("E-08", "dates moved back by lxml, one member exchanged", (5,), dates_by_lxml, PACKAGES),
    FileOperation("E-09", "dates moved back in place, Office's marks", (5,), dates_in_place, PACKAGES),
    FileOperation("E-10", "last save moved before the creation", (5,), modified_alone, PACKAGES),
    FileOperation("E-11", "author and last author replaced", (6,), author_replaced, PACKAGES),
    FileOperation("E-12", "an editing session appended out of order", (3,), session_appended, ("word",)),
    FileOperation("E-13", "the first editing session replaced", (3,), root_replaced, ("word",)),
    FileOperation("E-14", "the author of tracked changes replaced", (6,), change_author, ("word",)),
    FileOperation("E-15", "a tracked change dated after the last save", (5,), change_date, ("word",)),
    FileOperation("E-16", "a figure changed in the chart alone", (50,), chart_cache, PACKAGES),
)
