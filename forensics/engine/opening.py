"""Opens a case for its sources: made, or found to be of the same sources and options."""

import hashlib
import os
import platform
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import distribution
from pathlib import Path

import msgspec

from forensics._version import VERSION
from forensics.casestore import CaseFolder, is_case
from forensics.checks import RULES, load
from forensics.engine.dates import instant_of, rfc3339, ticks
from forensics.errors import KnowledgeError, UsageError
from forensics.intake import types
from forensics.knowledge.rates import rates_without
from forensics.model.case import CaseInfo, Options, SourceRecord
from forensics.model.locations import quote
from forensics.model.scanning import ScanOptions

_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)


def labels_of(sources: Sequence[Path]) -> dict[str, Path]:
    """Name the sources by their base names, numbered where two are equal.

    Raises:
        UsageError: there is none, or one is missing or given twice.
    """
    if not sources:
        raise UsageError("no source given")
    found: dict[str, Path] = {}
    for path in sources:
        absolute = path.absolute()
        if not absolute.exists():
            raise UsageError(f"no such source: {path}")
        if is_case(absolute):
            read = f"`forensics rank {shlex.quote(str(path))}` reads it"
            raise UsageError(f"{path} is a case and no source: {read}; a source is what was received, as it was")
        if absolute in found.values():
            raise UsageError(f"source given twice: {path}")
        base = quote(os.fsencode(absolute.name or "root"))
        label, number = base, 1
        while label in found:
            number += 1
            label = f"{base}-{number}"
        found[label] = absolute
    return found


def outside(case: Path, sources: Iterable[Path]) -> None:
    """Refuse a case folder that lies inside a source.

    Raises:
        UsageError: it does.
    """
    inside = case.resolve()
    for path in sources:
        if path.resolve() == inside or path.resolve() in inside.parents:
            raise UsageError(f"the case folder may not lie inside the source {path}: the source is never written to")


def open_case(
    case: Path, labelled: Mapping[str, Path], options: ScanOptions, clock: Callable[[], datetime]
) -> CaseFolder:
    """Open the case of these sources, or make it.

    Raises:
        UsageError: it holds other sources or options.
        CaseStoreError: the folder is no case.
    """
    if not (case / "case.json").exists():
        return CaseFolder.create(case, _info(labelled, options, clock), clock)
    folder = CaseFolder.open(case, clock)
    _same_case(folder.info, labelled, options)
    return folder


def _info(labelled: Mapping[str, Path], options: ScanOptions, clock: Callable[[], datetime]) -> CaseInfo:
    for what, text in (("--captured", options.captured), ("--released", options.released)):
        if text:
            instant_of(text, what)
    if options.as_of or options.captured:
        as_of = instant_of(options.as_of or options.captured, "--as-of")
    else:
        as_of = ticks(clock())
    return CaseInfo(
        case_number=options.case_number,
        examiner=options.examiner,
        exhibit=options.exhibit,
        captured=options.captured,
        released=options.released,
        as_of=rfc3339(as_of),
        sources=tuple(_record(label, path) for label, path in labelled.items()),
        versions=versions(),
        options=msgspec.structs.replace(asked_of(options), leave_out=_known(options.leave_out)),
    )


def _known(corpora: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of reference corpora, sorted.

    Raises:
        UsageError: there is no such corpus.
    """
    try:
        rates_without(corpora)
    except KnowledgeError as unknown:
        raise UsageError(f"--leave-out: {unknown}") from unknown
    return tuple(sorted(set(corpora)))


def asked_of(options: ScanOptions) -> Options:
    """Return what the user asked for, as `case.json` holds it."""
    return Options(only=options.only, exclude=options.exclude, passwords=len(options.passwords), limits=options.limits)


def _record(label: str, path: Path) -> SourceRecord:
    kind = "folder" if path.is_dir() else "file"
    return SourceRecord(label=label, path=quote(os.fsencode(path)), kind=kind, files=0, size=0, sha256="")


def _same_case(info: CaseInfo, labelled: Mapping[str, Path], options: ScanOptions) -> None:
    stored = {record.label for record in info.sources}
    if stored != set(labelled):
        raise UsageError(
            f"this case holds other sources ({', '.join(sorted(stored))}); give those, or another --case folder"
        )
    for name in ("case_number", "examiner", "exhibit", "captured", "released"):
        asked = getattr(options, name)
        if asked and asked != getattr(info, name):
            raise UsageError(f"this case was opened with another --{name.replace('_', '-')}: {getattr(info, name)!r}")
    if options.leave_out and _known(options.leave_out) != info.options.leave_out:
        raise UsageError(f"this case was opened with --leave-out {', '.join(info.options.leave_out) or 'nothing'}")
    if options.as_of and rfc3339(instant_of(options.as_of, "--as-of")) != info.as_of:
        raise UsageError(f"this case was opened with --as-of {info.as_of}; it is fixed at the first scan")


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    found = {
        "forensics": VERSION,
        "rules": hashlib.sha256(
            "".join(f"{name}/{load(name).RULE.version} " for name in RULES).encode("ascii")
        ).hexdigest()[:16],
        "python": platform.python_version(),
        "unicodedata": unicodedata.unidata_version,
        **types.versions(),
    }
    for package in ("duckdb", "exifread", "lxml", "msgspec", "pikepdf", "tzdata"):
        found[package] = _installed(package)
    return found


def _installed(package: str) -> str:
    """Return the version of a package; `importlib.metadata.version` parses all of its metadata as a mail for it."""
    version = _VERSION.search(distribution(package).read_text("METADATA") or "")
    return version[1] if version else ""
