"""What ``verify`` checked and what it found."""

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that does not hold."""

    code: str
    """``custody.*`` (the log), ``file.*`` (a file of the case), ``source.*`` (the evidence), ``evidence.*``
    (a citation)."""
    where: str
    """Line of the log, path below the case, path in a source, or finding id and evidence number."""
    text: str
    """What was met, in a sentence."""


class VerifyResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that was checked, in numbers, and every problem; no problem means that all of it holds."""

    schema: str = "forensics/verify/1"
    head: str
    """SHA-256 of the log's last line; 64 zeros where there is none."""
    head_given: str = ""
    """The head to compare with; empty if none was given: then a log rebuilt as a whole cannot be told."""
    head_line: int | None = None
    """Line whose digest the given head is; below ``lines`` where the log went on after it was written down."""
    lines: int
    """Lines of the log."""
    torn_lines: int = 0
    """Lines that a crash cut off and that the log itself notes."""
    files: int
    """Files of the case whose digest is that of the log."""
    sources: int
    """Sources found."""
    source_files: int
    """Files of the sources whose digest is that of the case."""
    findings: int
    """Findings whose citations were read."""
    ranges_replayed: int
    """Cited byte ranges read again from the source through all their steps, equal to what is cited."""
    ranges_without_bytes: int
    """Citations that name a place but no bytes; nothing to replay."""
    ranges_not_replayed: int
    """Cited byte ranges whose source is missing or changed: a problem is listed for the source."""
    problems: tuple[Problem, ...] = ()
