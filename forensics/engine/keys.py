"""Keys that are given: stored in a case, a unit for each file; the case is then judged anew."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, reached, unit_as_logged, write_file, write_unit
from forensics.engine.judging import discard, judge_again, stoppable
from forensics.engine.key_files import existing, given_keys
from forensics.model.codec import encode
from forensics.model.keys import AddedKeys, GivenKey, Key, KeyFile
from forensics.model.paths import AnyPath
from forensics.model.rows.keys import KeyRow, row_of
from forensics.model.rows.signer_keys import SignerKeyRow, given_row


def add_keys(
    case: AnyPath,
    files: AnyPath | Iterable[AnyPath],
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    passwords: Sequence[bytes] = (),
) -> AddedKeys:
    """Store keys in a case and judge it anew, from where its sources lie.

    Args:
        case: the case folder.
        files: key files, or folders of them: zone text, tables, passive DNS, answers of DNS, files named for their key;
            certificates, bundles of them, and OpenPGP key rings.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it was scanned.
        passwords: tried in order on encrypted ranges.

    Raises:
        UsageError: a key file is missing, or a source is not one of the case.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
        Interrupted: stopped by the user; the same call goes on from there.
    """
    paths = existing(files)
    folder = CaseFolder.open(Path(case))
    with folder.lock(), stoppable(folder):
        discard(folder)
        read = store_keys(folder, paths)
        judged = reached(folder).settled or judge_again(folder, sources, passwords)
        return AddedKeys(files=read, judged=judged, head=folder.custody.head())


def store_keys(folder: CaseFolder, paths: Iterable[Path]) -> tuple[KeyFile, ...]:
    """Store the keys of files in a locked case; what is stored already is logged as unchanged.

    The unit of a file is named by its content and, where that says whose key it holds, by its name.
    """
    known = _stored(folder)
    read = []
    for file, keys in given_keys(paths):
        read.append(file)
        unit = _unit(file)
        details = {"unit": unit, "origin": file.name, "sha256": file.sha256, "keys": str(file.taken)}
        details |= {"refused": str(file.refused), "taken": _digest(keys)}
        if unit not in known and not keys:
            folder.custody.append("keys", {**details, "skipped": "no key"})
        elif known.get(unit, {}).get("taken") == details["taken"] and unit_as_logged(folder, unit):
            folder.custody.append("keys", {**details, "skipped": "unchanged"})
        else:
            folder.custody.append("keys", details, write_keys(folder, unit, map(_row, keys)))
            known[unit] = details
    return tuple(read)


def _stored(folder: CaseFolder) -> dict[str, dict[str, str]]:
    """Return the units of key files from which no key was taken out since, with what the log says of them."""
    known: dict[str, dict[str, str]] = {}
    for line in folder.custody.lines():
        if line.action == "keys" and line.details.get("skipped") != "no key":
            known[line.details["unit"]] = line.details
        elif line.action == "keys_removed":
            known.pop(line.details["unit"], None)
    return known


def write_keys(folder: CaseFolder, unit: str, rows: Iterable[KeyRow | SignerKeyRow]) -> dict[str, str]:
    """Write the keys of a unit; return its files with their digests, for the log.

    Args:
        folder: the case, locked.
        unit: its name.
        rows: all of one kind.
    """
    made = folder.tmp / unit
    rows = list(rows)
    write_file(made, b"".join([encode(row) + b"\n" for row in rows]))
    table = "signer_keys" if any(isinstance(row, SignerKeyRow) for row in rows) else "keys"
    files = write_unit(folder, unit, {table: made})
    made.unlink()
    return files


def _row(key: GivenKey) -> KeyRow | SignerKeyRow:
    return row_of(key) if isinstance(key, Key) else given_row(key)


def _digest(keys: Iterable[GivenKey]) -> str:
    """Return a digest of keys and their windows; under what name a file was given changes nothing."""
    return hashlib.sha256(encode([msgspec.structs.replace(key, origin="") for key in keys])).hexdigest()


def _unit(file: KeyFile) -> str:
    named = file.name.rpartition("/")[2] if file.form == "named file" else ""
    return "keys-" + hashlib.sha256(f"{file.sha256} {named}".encode()).hexdigest()[:32]
