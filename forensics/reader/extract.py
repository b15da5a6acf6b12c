"""One item written to a new file, its digest compared, and logged."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries, storing
from forensics.engine.desk.desk import desk_of
from forensics.engine.desk.protocol import Wanted
from forensics.engine.roots import roots_of
from forensics.model.paths import AnyPath
from forensics.reader.lookup import Lookup
from forensics.reader.new_files import kept, new_file, write
from forensics.reader.sealing.gate import Gate


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was written."""

    path: Path
    """As it was asked for."""
    size: int
    """Bytes."""
    sha256: str
    """Of its bytes, which are those that were scanned."""
    head: str
    """Of the custody log, with the line that says so."""


def extract(
    case: AnyPath,
    item: str | int,
    out: AnyPath,
    *,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    passwords: Sequence[bytes] = (),
) -> Extracted:
    """Write an item, such as a mail or an attachment, to a new file that only its owner can read; log it.

    The bytes are read again from the source, and their digest is compared while they are written. A file that could
    not be written whole and logged is removed again. The log says digest and size, no name and no content.

    Args:
        case: the case folder.
        item: what names it, as `Case` takes it.
        out: the file to make; its folder exists. Nothing in the evidence decides where it is.
        sources: where sources lie now, as `open_case` takes them.
        passwords: tried in order on encrypted members.

    Raises:
        UsageError: *out* exists, cannot be made, or lies inside the case or a source.
        IntegrityError: other bytes stand in the source now.
        IntakeError: the source is not at hand, or the item could not be read at the scan.
        Restricted: the item may not be quoted, or holds one that may not.
        NotRead: the item brought the process that read it to its end.
        UnknownItem: *item* means no item.
        AmbiguousItem: it means several.
        CaseLocked: another process writes to the case.
        StorageFull: the disk is full.
    """
    out = Path(out)
    folder = CaseFolder.open(Path(case))
    roots = roots_of(folder.info, sources)
    with Queries(folder) as queries, closing(desk_of(folder, roots, passwords)) as desk:
        gate = Gate(queries)
        facts = Lookup(lambda: queries, lambda: queries, desk, lambda: gate).any(item)
        gate.refuse_bytes(facts)
        wanted = Wanted.of(facts)
        with folder.lock(), new_file(out, kept(folder, roots)) as handle:
            running = hashlib.sha256()
            for piece in desk.pieces(wanted):
                running.update(piece)
                with storing(f"cannot write {out}"):
                    write(handle, piece)
            with storing(f"cannot write {out}"):
                os.fsync(handle)
            size, sha256 = os.fstat(handle).st_size, running.hexdigest()
            folder.custody.append("extract", {"sha256": sha256, "size": str(size)})
        return Extracted(path=out, size=size, sha256=sha256, head=folder.custody.head())
