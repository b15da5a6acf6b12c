"""What ``verify`` checked and what it found."""

import msgspec

from forensics.model.scanning import Reached


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that does not hold."""

    code: str
    """``custody.*`` (the log), ``file.*`` (a file of the case), ``source.*`` (the evidence), ``evidence.*``
    (a citation)."""
    where: str
    """Line of the log, path below the case, path in a source, or finding id and evidence number."""
    text: str
    """What was met, in a sentence."""


class LaterLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the log after the head that was written down."""

    number: int
    """From 1."""
    time: str = ""
    action: str = ""
    """Empty: the line cannot be read."""
    added: tuple[str, ...] = ()
    """Paths below the case of files that were not there just before."""
    replaced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class VerifyResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that was checked, in numbers, and every problem; no problem means that all that was checked holds."""

    schema: str = "forensics/verify/1"
    head: str
    """SHA-256 of the log's last line; 64 zeros where there is none."""
    head_given: str = ""
    """The head to compare with; empty if none was given: then a log rebuilt as a whole cannot be told."""
    head_line: int | None = None
    """Line whose digest the given head is; below ``lines`` where the log went on after it was written down."""
    later: tuple[LaterLine, ...] = ()
    """Every line after the head."""
    changed_later: tuple[str, ...] = ()
    """Tables and files that later lines made other than they stood at the head: a problem is listed for each."""
    reached: Reached = Reached()
    """How far reading and judging got."""
    lines: int
    """Lines of the log."""
    torn_lines: int = 0
    """Lines that a crash cut off and that the log itself notes."""
    files: int
    """Files of the case whose digest is that of the log."""
    tmp_files: int = 0
    """Files in ``tmp/``: left by a scan that was stopped, or put there; no part of the case, and nothing vouches for
    them."""
    sources: int
    """Sources found."""
    source_files: int
    """Files of the sources whose digest is that of the case."""
    source_files_undigested: int = 0
    """Entries of the sources that the case has without a digest: links, or files that could not be read at the scan."""
    not_reached: int = 0
    """Files of the sources that an unfinished scan has not reached."""
    findings: int
    """Findings whose citations were read."""
    ranges_replayed: int
    """Cited byte ranges read again from the source through all their steps, equal to what is cited."""
    ranges_without_bytes: int
    """Citations that name a place but no bytes; nothing to replay."""
    ranges_not_replayed: int
    """Cited byte ranges whose source is missing or changed: a problem is listed for the source."""
    ranges_closed: int = 0
    """Cited byte ranges of what is encrypted and no password given opens: nothing is known of them."""
    unreadable: str = ""
    """What of the case this version cannot read, and what to do: no source and no citation is compared that needs it.
    Empty where it can read all."""
    unchecked: str = ""
    """What kept the rest from being checked, such as a lack of memory: it says nothing of the case. Empty where nothing
    did."""
    problems: tuple[Problem, ...] = ()
