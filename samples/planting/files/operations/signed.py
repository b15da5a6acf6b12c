"""Signed documents: one that was changed after it was signed, one whose signed text is another, and honest ones."""

from datetime import datetime, timedelta
from random import Random

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import PACKAGES, FileOperation, FilePlant
from samples.planting.files.package_signatures import signed
from samples.planting.files.texts import reworded, text_part
from samples.planting.mime import Unfit


def _at(file: File, rng: Random) -> datetime:
    """Return when it is signed: some minutes after its last save.

    Raises:
        Unfit: it has no such time.
    """
    if file.modified is None:
        raise Unfit("no time")
    return file.modified + timedelta(seconds=rng.randrange(60, 3_000))


def changed(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-36: a word changed in a part that the signature covers; a sham is signed and not changed."""
    part = text_part(file, rng)
    text, said = reworded(file.text(part), rng)
    package = signed(file.package, _at(file, rng), rng)
    if not sham:
        package = package.holding(part, text.encode())
    return FilePlant(package.encode(), "D", f"{part}: {said}, after it was signed")


def honest(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-06: signed by its author, and not changed since."""
    return FilePlant(signed(file.package, _at(file, rng), rng).encode(), "", "signed")


OPERATIONS = (FileOperation("E-36", "a signed document changed", (), changed, PACKAGES),)
HONEST = (FileOperation("H-06", "signed", (), honest, PACKAGES),)
