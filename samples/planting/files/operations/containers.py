"""Parts and members added, times of members moved, files renamed, attachments exchanged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import PurePosixPath
from random import Random

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import PACKAGES, FileOperation, FilePlant, later
from samples.planting.files.package import Marks, Package, appended_by_zipfile
from samples.planting.files.texts import reworded, text_part
from samples.planting.mime import Unfit
from samples.planting.operations.attachments import page

_DISGUISES = (".pdf", ".jpg", ".txt", ".mp3")
_BUNDLED = (3, 8)
"""Files of an archive that the planter packs, at least and at most."""
_MEDIA = {"word": "word/media/image97.png", "excel": "xl/media/image97.png", "powerpoint": "ppt/media/image97.png"}
_PEOPLE = (
    "Ines Marchal <ines@marchal.example>",
    "Paul Rieu <paul@rieu.example>",
    "Odile Sanner <odile@sanner.example>",
    "Bruno Tessier <bruno@tessier.example>",
)
_TYPES = {
    "word": "wordprocessingml.document",
    "excel": "spreadsheetml.sheet",
    "powerpoint": "presentationml.presentation",
}


def part_appended(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-26: a part that nothing in the package names, appended by a script: a program of macros, or a picture."""
    if sham:
        return None
    content = rng.randbytes(rng.randrange(900, 4_000))
    macros = rng.random() < 0.5
    name = f"{_MEDIA[file.kind].partition('/')[0]}/vbaProject.bin" if macros else _MEDIA[file.kind]
    content = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" if macros else b"\x89PNG\r\n\x1a\n") + content
    if name in file.package.by_name:
        return None
    data = appended_by_zipfile(file.data, name, content, later(file, rng))
    return FilePlant(data, "D", f"{name} appended", items=(content,))


def renamed(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-27: the name says another format."""
    suffix = rng.choice(_DISGUISES)
    return None if sham else FilePlant(file.data, "D", f"{file.suffix} -> {suffix}", suffix=suffix)


def _bundle(file: File, folder: Folder, rng: Random) -> tuple[Package, list[File], datetime]:
    """Return an archive of files of one top folder as Info-ZIP packs them, and when.

    Raises:
        Unfit: too few files lie beside it.
    """
    # A file is packed after it was saved.
    others = [other for other in folder.beside(file) if other.modified is not None]
    if file.modified is None or len(others) < _BUNDLED[0] - 1:
        raise Unfit("too few files")
    wanted = rng.randrange(_BUNDLED[0], _BUNDLED[1] + 1) - 1
    held = sorted([file, *rng.sample(others, min(wanted, len(others)))], key=lambda one: one.path)
    package, last = Package(()), datetime(2012, 3, 5, 9)  # noqa: DTZ001
    for number, one in enumerate(held):
        at = later(one, rng)
        last = max(last, at)
        package = package.added(f"{number:02d}-{PurePosixPath(one.path).name}", one.data, Marks.UNIX, at)
    return package, held, last


def _times(step: Callable[[Random], timedelta]) -> Callable[[File, Folder, Random, bool], FilePlant]:
    def made(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
        package, _, _ = _bundle(file, folder, rng)
        by = step(rng)
        moved = package if sham else package.dated(lambda at: at + by)
        said = f"times of {len(package.members)} members by {by / timedelta(hours=1):+.0f} h"
        cls = "D" if abs(by) > timedelta(hours=14) else "N"
        return FilePlant(moved.encode(), cls, said, "insert", ".zip")

    return made


def member_added(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-30: a later file added to an archive by another program."""
    package, _, last = _bundle(file, folder, rng)
    data, content = package.encode(), page(rng)
    if sham:
        return FilePlant(data, "", "", "insert", ".zip")
    at = last + timedelta(days=rng.randrange(10, 200))
    data = appended_by_zipfile(data, "annex.pdf", content, at)
    return FilePlant(data, "P", "annex.pdf added", "insert", ".zip", (content,))


def _with_list(file: File, folder: Folder, rng: Random) -> Package:
    """Return such an archive with the list of its digests, as ``sha256sum`` writes it.

    Raises:
        Unfit: too few files lie beside it.
    """
    package, _, last = _bundle(file, folder, rng)
    lines = [f"{sha256(member.content).hexdigest()}  {member.name}\n" for member in package.members]
    return package.added("SHA256SUMS", "".join(lines).encode(), Marks.UNIX, last + timedelta(minutes=2))


def exchanged(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-37: a word changed in one file of an archive that has a list of digests, and the list left as it was."""
    part = text_part(file, rng)
    text, said = reworded(file.text(part), rng)
    package = _with_list(file, folder, rng)
    if sham:
        return FilePlant(package.encode(), "", "", "insert", ".zip")
    content = file.package.holding(part, text.encode()).encode()
    (name,) = [member.name for member in package.members if member.content == file.data]
    return FilePlant(package.holding(name, content).encode(), "D", f"{name}: {said}", "insert", ".zip", (content,))


def with_list(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-07: files packed with the list of their digests."""
    return FilePlant(_with_list(file, folder, rng).encode(), "", "packed with a list of digests", "insert", ".zip")


def attachment(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """E-31: a mail carries, under the old name, a document of the same folder that was made after the mail."""
    if file.modified is None:
        return None
    sent = file.modified + timedelta(minutes=rng.randrange(20, 3_000))
    newer = [one for one in folder.beside(file) if one.kind == file.kind and one.office and one.data != file.data]
    newer = [one for one in newer if one.created and one.created > sent + timedelta(days=2)]
    if not newer:
        return None
    other = rng.choice(newer)
    carried = file if sham else other
    writer, reader = rng.sample(_PEOPLE, 2)
    mail = EmailMessage(policy=SMTP)
    mail["Date"], mail["From"], mail["To"], mail["Subject"] = format_datetime(sent), writer, reader, "the document"
    mail["Message-ID"] = f"<{rng.getrandbits(64):016x}@{writer.rpartition('@')[2]}"
    mail.set_content("Here is the document that we spoke about.\n")
    name = PurePosixPath(file.path).name
    kind = f"vnd.openxmlformats-officedocument.{_TYPES[file.kind]}"
    mail.add_attachment(carried.data, maintype="application", subtype=kind, filename=name)
    mail.set_boundary(f"------------{rng.getrandbits(96):024x}")
    items = () if sham else (other.data,)
    said = f"{name}: made {file.created} -> {other.created}, mail {sent}"
    takes = () if sham else (other.path,)
    return FilePlant(mail.as_bytes(), "D", said, "insert", ".eml", items, takes)


OPERATIONS = (
    FileOperation("E-26", "a part appended that nothing names", (41,), part_appended, PACKAGES),
    FileOperation("E-27", "the file renamed to another extension", (38,), renamed, PACKAGES),
    FileOperation(
        "E-28",
        "times of an archive's members moved by whole hours",
        (39,),
        _times(lambda rng: timedelta(hours=rng.choice((-9, -6, -3, 4, 7)))),
        PACKAGES,
        office=False,
    ),
    FileOperation(
        "E-29",
        "times of an archive's members moved by days",
        (39,),
        _times(lambda rng: -timedelta(days=rng.randrange(30, 900))),
        PACKAGES,
        office=False,
    ),
    FileOperation("E-30", "a member added to an archive", (41,), member_added, PACKAGES, office=False),
    FileOperation("E-31", "an attachment exchanged for a later document", (), attachment, PACKAGES),
    FileOperation("E-37", "a file exchanged beside its list of digests", (), exchanged, PACKAGES, office=False),
)
HONEST = (FileOperation("H-07", "packed with a list of digests", (), with_list, PACKAGES, office=False),)
