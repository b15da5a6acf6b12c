"""What the process that judges a case and those that run stages for it say to each other: JSON lines on pipes."""

from typing import Literal

import msgspec

from forensics.engine.staging.performing import Performed
from forensics.model.items import Limits


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """First line that a process gets."""

    case: bytes
    tmp: bytes
    """Its own folder, below that of the case."""
    as_of: int
    leave_out: tuple[str, ...]
    limits: Limits
    roots: dict[str, bytes]
    """Label of a source to where it lies."""
    passwords: tuple[bytes, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Every further line."""

    stage: str
    part: str | None = None
    """``None``: the stage begins; one that has parts is answered by their names, any other runs as a whole."""
    into: str
    """Folder, there and empty, for what is written."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a task."""

    kind: Literal["parts", "done", "full", "failed"]
    parts: tuple[str, ...] = ()
    performed: Performed | None = None
    text: str = ""
    """Of ``full`` and ``failed``: why."""
    cpu_s: float = 0.0
    """Processor time of the process, from its start."""
    peak_bytes: int = 0
    """Its largest resident memory so far."""
