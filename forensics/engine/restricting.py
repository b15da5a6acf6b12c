"""Lists of what may not be quoted: read from a file, and stored in a case, where the last one counts."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from forensics.casestore import CaseFolder, drop_index, unit_as_logged, write_file, write_unit
from forensics.errors import UsageError
from forensics.model.codec import encode
from forensics.model.locations import quote, unquote
from forensics.model.paths import AnyPath
from forensics.model.restricting import Entry, EntryKind, Restricting
from forensics.model.rows.restrictions import RestrictionRow

_FILE_BYTES = 4_000_000
_LINES_NAMED = 5
_ADDRESS = re.compile(r"[^\s@<>,;:\"()/\\]{1,100}@([^\s@<>,;:\"()/\\]{1,255})")
_LABEL = r"[^\s@<>,;:\"()/\\.*]{1,63}"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL}){{1,20}}")
_QUOTED = re.compile(r"(?:[^%]|%[0-9A-F]{2})*+")


def restrict(case: AnyPath, file: AnyPath, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Restricting:
    """Give a case the list of what may not be quoted; it replaces the one before, and what was unsealed is sealed.

    An index of words is taken out: it holds the words of what the list names, and one that is made now does not.

    Args:
        case: the case folder.
        file: one entry a line: an address, a domain (with all below it), or a folder, which has a ``/``; ``#`` begins
            a comment.
        clock: wall clock of the machine, for the log.

    Raises:
        UsageError: the file is missing or empty, or a line is none of these.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
    """
    entries, digest = read_list(Path(file))
    folder = CaseFolder.open(Path(case), clock)
    with folder.lock():
        done = store_list(folder, entries, digest)
        return Restricting(
            entries=entries, changed=done.changed, index_dropped=done.index_dropped, head=folder.custody.head()
        )


def read_list(file: Path) -> tuple[tuple[Entry, ...], str]:
    """Return the entries of a list, each once, and the digest of its file.

    Raises:
        UsageError: the file is missing or empty, or a line is no entry.
    """
    try:
        if file.stat().st_size > _FILE_BYTES:
            raise UsageError(f"{file} is larger than {_FILE_BYTES:,} bytes: it is no list of addresses")
        data = file.read_bytes()
        lines = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8") from error
    found: dict[Entry, None] = {}
    bad = []
    for number, line in enumerate(lines, 1):
        text = line.split("#", 1)[0].strip() if line.lstrip().startswith("#") else line.split(" #", 1)[0].strip()
        if not text:
            continue
        entries = list(_entries(text))
        found.update(dict.fromkeys(entries))
        if not entries:
            bad.append(f"line {number}: {text[:60]!r}")
    if bad:
        more = f" and {len(bad) - _LINES_NAMED} more" if len(bad) > _LINES_NAMED else ""
        named = ", ".join(bad[:_LINES_NAMED])
        raise UsageError(f"{file}: no address, domain or folder (which has a /): {named}{more}; nothing was changed")
    if not found:
        raise UsageError(f"{file} names nothing; to open items again use `forensics restrict CASE --unseal ITEM`")
    return tuple(found), hashlib.sha256(data).hexdigest()


def _entries(text: str) -> Iterator[Entry]:
    """Yield what a line names; nothing where it is no entry. A name of letters beyond ASCII has two forms."""
    if not text.isprintable():
        return
    if "/" in text:
        folder = text.strip("/").removeprefix("./")
        if folder:
            yield Entry(kind=EntryKind.FOLDER, value=_as_printed(folder))
        return
    lower = text.lower()
    address = _ADDRESS.fullmatch(lower)
    domain = address[1] if address else lower.removeprefix("@").removeprefix("*.").removesuffix(".")
    if not _DOMAIN.fullmatch(domain):
        return
    local = lower[: len(lower) - len(domain)] if address else ""
    kind = EntryKind.ADDRESS if address else EntryKind.DOMAIN
    yield Entry(kind=kind, value=local + domain)
    try:
        ascii_form = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return
    if ascii_form != domain:
        yield Entry(kind=kind, value=local + ascii_form)


def _as_printed(folder: str) -> str:
    """Return a folder as locations print it, whether it is written so or as it is named."""
    if folder.isascii() and _QUOTED.fullmatch(folder):
        folder = unquote(folder).decode("utf-8", "surrogateescape")
    return quote(folder.encode("utf-8", "surrogateescape"))


class Stored(NamedTuple):
    """What storing a list did."""

    changed: bool
    """Whether it is another than the one in force before."""
    index_dropped: bool


def store_list(folder: CaseFolder, entries: tuple[Entry, ...], digest: str) -> Stored:
    """Store a list in a locked case; one that differs from the one in force takes the index of words out first.

    The log has the digest of the file and how many entries it has, not what they name.
    """
    lines = [line for line in folder.custody.lines() if line.action == "restrict" and "unit" in line.details]
    last = lines[-1].details if lines else {}
    details = {"sha256": digest, "entries": str(len(entries))}
    if last.get("sha256") == digest and unit_as_logged(folder, last["unit"]):
        folder.custody.append("restrict", {**details, "skipped": "unchanged"})
        return Stored(changed=False, index_dropped=False)
    dropped = drop_index(folder)
    number = len(lines) + 1
    unit = f"restrict-{number:06d}"
    rows = [RestrictionRow(list=number, kind=entry.kind.value, value=entry.value) for entry in entries]
    made = folder.tmp / unit
    write_file(made, b"".join([encode(row) + b"\n" for row in rows]))
    files = write_unit(folder, unit, {"restrictions": made})
    made.unlink()
    folder.custody.append("restrict", {"unit": unit, **details}, files)
    return Stored(changed=True, index_dropped=dropped)
