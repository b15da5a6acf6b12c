"""Further versions of a Word document, as Word would save them; imitated, since Word is not here."""

import re
from datetime import UTC, datetime, timedelta
from random import Random

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FileOperation, FilePlant
from samples.planting.files.operations.properties import CORE
from samples.planting.files.texts import reworded
from samples.planting.mime import Unfit


def version(file: File, rng: Random, words: int, at: datetime, *, begun: bool = False) -> bytes:
    """Return the next version: other words in the same body, one session more in its place, Office's marks.

    Args:
        file: the version before.
        rng: chooses words and session.
        words: how many are others.
        at: the time of its save, kept in whole minutes.
        begun: whether it says that it was created then too.

    Raises:
        Unfit: it lists no sessions in one place.
    """
    text = file.text("word/document.xml")
    for _ in range(words):
        text, _said = reworded(text, rng, even=True)
    settings, core = file.text("word/settings.xml"), file.text(CORE)
    found = re.findall(r'<w:rsid w:val="[0-9A-F]{8}"/>', settings)
    if not found or "".join(found) not in settings:
        raise Unfit("no sessions")
    new = f'<w:rsid w:val="{rng.randrange(0x00100000, 0x00FFFFFF):08X}"/>'
    listed = "".join(sorted({*found, new}))
    settings = settings.replace("".join(found), listed)
    names = "created|modified" if begun else "modified"
    core = re.sub(rf"(<dcterms:(?:{names})(?: [^>]*)?>)[^<]*", rf"\g<1>{at.astimezone(UTC):%Y-%m-%dT%H:%M:00Z}", core)
    package = file.package.holding("word/document.xml", text.encode())
    package = package.holding("word/settings.xml", settings.encode()).holding(CORE, core.encode())
    return package.encode()


def back_dated(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-35: a version with one word changed stands beside its document, dated before it; a sham is dated after."""
    sessions = file.text("word/settings.xml").count("<w:rsid ")
    if file.modified is None or sessions < _LEAST:
        return None
    by = timedelta(days=rng.randrange(20, 400), minutes=rng.randrange(600))
    at = file.modified + by if sham else min(file.modified, file.created or file.modified) - by
    data = version(file, rng, 1, at, begun=not sham)
    return FilePlant(data, "D", f"a version of it, saved {at:%Y-%m-%d}, it {file.modified:%Y-%m-%d}", "insert")


_LEAST = 4
"""Sessions that a document must have: what shares fewer may have come by them otherwise."""

OPERATIONS = (FileOperation("E-35", "a later version, dated before its document", (), back_dated, ("word",)),)
