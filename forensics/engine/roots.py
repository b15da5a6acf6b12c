"""Where the sources of a case lie now, and what reads items from them again."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.engine.compared_contents import ComparedContents
from forensics.engine.desk.desk import Desk
from forensics.errors import IntakeError, UsageError
from forensics.intake.files import walk
from forensics.model.case import CaseInfo
from forensics.model.items import Limits
from forensics.model.locations import quote, unquote
from forensics.model.paths import AnyPath
from forensics.parsers import decoders
from forensics.replay.walk import Replayer

_FILES = """
SELECT location->>'$.steps[0].name' AS "name", size FROM occurrences
WHERE source = $source AND parent_sha256 = '' ORDER BY "name", size
"""


class _File(msgspec.Struct, frozen=True):
    name: str
    size: int


def roots_of(info: CaseInfo, sources: Mapping[str, AnyPath] | Sequence[str]) -> dict[str, Path]:
    """Return where each source is to be looked for.

    Args:
        info: of the case, with the places at which its sources lay, reference sources among them.
        sources: where they lie now: by label, or as texts ``[LABEL=]PATH``.

    Raises:
        UsageError: a source is not one of the case.
    """
    records = (*info.sources, *info.references)
    roots = {record.label: Path(os.fsdecode(unquote(record.path))) for record in records}
    named = list(sources.items()) if isinstance(sources, Mapping) else [_named(text, list(roots)) for text in sources]
    for label, path in named:
        if label not in roots:
            raise UsageError(f"this case has no source {label!r}; it has {', '.join(sorted(roots))}")
        roots[label] = Path(path)
    return roots


def _named(text: str, labels: Sequence[str]) -> tuple[str, Path]:
    """Split ``[LABEL=]PATH``; without a label the only source is meant, or the one of the path's base name."""
    label, sign, path = text.partition("=")
    if sign and label in labels:
        return label, Path(path)
    if len(labels) == 1:
        return labels[0], Path(text)
    return quote(os.fsencode(Path(text).name)), Path(text)


def at_hand(queries: Queries, roots: Mapping[str, Path]) -> bool:
    """Whether every source lies where it is looked for, with the files of the scan by name and size.

    Whoever reads an item from it again has its digest compared, so that nothing need be read for this.
    """
    for label, root in roots.items():
        single = not root.is_dir()  # which may have another name now
        stored = {_key("" if single else row.name, row.size) for row in queries.rows(_FILES, {"source": label}, _File)}
        try:
            found = [_key("" if single else quote(file.name), file.size) for file in walk(root)]
        except IntakeError:
            return False
        if len(found) != len(stored) or not stored.issuperset(found):
            return False
    return True


def _key(name: str, size: int) -> bytes:
    """Return what stands for a file: of a million files the names would not fit."""
    return hashlib.blake2b(f"{size} {name}".encode(), digest_size=16).digest()


def contents_of(
    folder: CaseFolder, roots: Mapping[str, Path], passwords: Sequence[bytes], limits: Limits
) -> ComparedContents:
    """Return what reads items of a case again from where its sources lie; a label that has no root is not at hand."""

    def replayer(label: str) -> Replayer | None:
        root = roots.get(label)
        return None if root is None else Replayer(root, decoders(), passwords, limits=limits, spool=folder.tmp)

    spool = folder.tmp if os.access(folder.tmp, os.W_OK) else None
    return ComparedContents(replayer, limits, Desk(roots, limits, passwords, spool=spool))
