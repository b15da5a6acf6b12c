"""What ``case.json`` and the custody log hold."""

import msgspec

from forensics.model.items import Limits

CASE_FORMAT = 2
"""Version of the case folder's layout."""


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source as it was handed in."""

    label: str
    """Unique in the case: the base name, with a number after it where two are equal."""
    path: str
    """Absolute path at scan time, percent-encoded; only a hint for the next reader."""
    kind: str
    """``file`` or ``folder``."""
    files: int
    size: int
    """Bytes of all files."""
    sha256: str
    """Digest of the file, or of the sorted ``digest  path`` lines of a folder."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user asked for; part of the case's identity where it changes what is read."""

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    passwords: int = 0
    """How many passwords were given; they themselves are never stored."""
    limits: Limits = Limits()
    leave_out: tuple[str, ...] = ()
    """Reference corpora whose rates were not used."""


class CaseInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``case.json``."""

    format: int = CASE_FORMAT
    case_number: str = ""
    examiner: str = ""
    exhibit: str = ""
    captured: str = ""
    """RFC 3339 date or time, as given."""
    released: str = ""
    as_of: str
    """RFC 3339 UTC; fixed at the first scan."""
    sources: tuple[SourceRecord, ...] = ()
    references: tuple[SourceRecord, ...] = ()
    """Reference sources: originals that the items are compared with."""
    versions: dict[str, str] = {}
    """tool, rules, python, libmagic, tzdata, unicodedata, duckdb, lxml, pikepdf."""
    options: Options = Options()


class CustodyLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of ``custody.jsonl``; holds no content of the evidence."""

    n: int
    """Line number from 1."""
    previous: str
    """SHA-256 of the line before, without its newline; 64 zeros on the first line."""
    time: str
    """RFC 3339 UTC wall clock of the examining machine."""
    action: str
    """``created``, ``case_info``, ``scan_started``, ``planned``, ``confinement``, ``unit``, ``unit_removed``,
    ``reference_planned``, ``reference_unit``, ``reference_removed``, ``discarded``, ``keys``, ``stage``,
    ``case_tables``, ``scan_finished``, ``report``, ``letters``, ``torn_line``, ``interrupted``."""
    details: dict[str, str] = {}
    files: dict[str, str] = {}
    """Path below the case to SHA-256 of every file that this action wrote; an empty digest: removed."""
