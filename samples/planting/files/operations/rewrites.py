"""A word changed in the XML, and put back in four ways; a letter of another script; text pasted, changes accepted."""

import os
import re
import shutil
import subprocess
import tempfile
from datetime import UTC
from pathlib import Path
from random import Random

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import PACKAGES, FileOperation, FilePlant, later, patched
from samples.planting.files.package import Marks, by_zipfile
from samples.planting.files.texts import disguised, reworded, text_part
from samples.planting.mime import Unfit

INFOZIP = shutil.which("zip")
_PARAGRAPH = re.compile(r"<w:p [^>]*w:rsidR=\"[0-9A-F]{8}\"[^>]*>.{80,3000}?</w:p>", re.DOTALL)
_FOREIGN = re.compile(r"r:(?:id|embed|link)=|<w:(?:numId|sectPr|drawing|pict|object|footnoteReference|bookmark)|<mc:")
_DELETED = re.compile(r"<w:del (?:[^>]*[^/])?>.*?</w:del>", re.DOTALL)
_INSERTED = re.compile(r"<w:ins (?:[^>]*[^/])?>|</w:ins>")


def _changed(file: File, rng: Random, sham: bool) -> tuple[str, str, str]:
    """Return a part, its text with a word changed, and what was; a sham changes nothing."""
    part = text_part(file, rng)
    text, changed = reworded(file.text(part), rng)
    return part, file.text(part) if sham else text, changed


def rewritten(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-01: unpacked and packed again by a script."""
    part, text, changed = _changed(file, rng, sham)
    members = [
        (member.name, text.encode() if member.name == part else member.content) for member in file.package.members
    ]
    return FilePlant(by_zipfile(members, later(file, rng)), "D", f"{part}: {changed}")


def exchanged(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-02: one member written anew in its place, as Info-ZIP on Unix marks it."""
    part, text, changed = _changed(file, rng, sham)
    data = file.package.holding(part, text.encode(), Marks.UNIX, later(file, rng)).encode()
    return FilePlant(data, "D", f"{part}: {changed}")


def imitated(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-03: the same under Office's own marks: only what counts the words may tell."""
    part, text, changed = _changed(file, rng, sham)
    return patched(file, part, text, f"{part}: {changed}", "P")


def updated(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-04: the same by Info-ZIP itself (``zip -u``)."""
    if INFOZIP is None:
        return None
    part, text, changed = _changed(file, rng, sham)
    at = later(file, rng).replace(tzinfo=UTC).timestamp()
    with tempfile.TemporaryDirectory() as made:
        package, member = Path(made, "file.zip"), Path(made, part)
        package.write_bytes(file.data)
        member.parent.mkdir(parents=True)
        member.write_bytes(text.encode())
        os.utime(member, (at, at))
        # Without extra fields, which would hold the planter's own user.
        line = [INFOZIP, "-q", "-X", "-u", str(package), part]
        if subprocess.run(line, cwd=made, env={"TZ": "UTC"}, capture_output=True, check=False).returncode:
            raise Unfit("zip does not take it")
        return FilePlant(package.read_bytes(), "D", f"{part}: {changed}")


def homoglyph(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-05: a letter that looks the same, of another script."""
    part = text_part(file, rng)
    text, changed = disguised(file.text(part), rng)
    return None if sham else patched(file, part, text, f"{part}: {changed}", "P")


def pasted(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-06: a paragraph of another document, with that document's editing sessions."""
    if sham:
        return None
    text = file.text("word/document.xml")
    own = [found for found in _PARAGRAPH.finditer(text) if "<w:p " not in found[0][4:]]
    others = [other for other in folder.files if other.kind == "word" and other.office and other is not file]
    for other in rng.sample(others, min(len(others), 10)):
        found = [one[0] for one in _PARAGRAPH.finditer(other.text("word/document.xml")) if _plain(one[0])]
        if own and found:
            place, put = rng.choice(own).end(), rng.choice(found)
            said = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", put))
            return patched(file, "word/document.xml", text[:place] + put + text[place:], f"pasted {said!r}", "P")
    return None


def _plain(paragraph: str) -> bool:
    return "<w:p " not in paragraph[4:] and not _FOREIGN.search(paragraph) and "<w:t>" in paragraph


def accepted(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-07: tracked changes accepted in the XML, so that nobody sees them."""
    old = file.text("word/document.xml")
    new, deleted = _DELETED.subn("", old)
    new, inserted = _INSERTED.subn("", new)
    if sham or not deleted + inserted or new.count("<w:p ") + new.count("<w:p>") != new.count("</w:p>"):
        return None
    return patched(file, "word/document.xml", new, f"{deleted} deletions and {inserted // 2} insertions accepted", "N")


OPERATIONS = (
    FileOperation("E-01", "a word changed, the package written anew by a script", (3,), rewritten, PACKAGES),
    FileOperation("E-02", "a word changed, one member exchanged (Unix, dated)", (3, 41), exchanged, PACKAGES),
    FileOperation("E-03", "a word changed, Office's marks imitated", (13,), imitated, PACKAGES),
    FileOperation("E-04", "a word changed, by zip -u", (3, 41), updated, PACKAGES),
    FileOperation("E-05", "a letter of another script in a word", (43,), homoglyph, PACKAGES),
    FileOperation("E-06", "a paragraph of another document pasted", (8,), pasted, ("word",)),
    FileOperation("E-07", "tracked changes accepted in the XML", (9,), accepted, ("word",)),
)
