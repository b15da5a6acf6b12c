"""Writes the letters of a case, and says so in its custody log."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.errors import UsageError
from forensics.model.letters import Letters
from forensics.model.paths import AnyPath
from forensics.reader.letters import read_letters
from forensics.reader.new_files import kept, new_file, outside, write
from forensics.reader.reached import settled
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_findings import strengths
from forensics.report.letters import write_letter


class WrittenLetters(msgspec.Struct, frozen=True, kw_only=True):
    """The letters of a case as text."""

    letters: Letters
    """What each is made of."""
    texts: dict[str, str]
    """By the organization that it is to, in their order."""
    head: str
    """Custody head that covers the line of the log."""
    files: tuple[Path, ...] = ()
    """Where they were written, in the same order; none where no folder was named."""


def letters(
    case: AnyPath,
    folder: AnyPath | None = None,
    *,
    strength: str = "moderate",
    language: str = "en",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> WrittenLetters:
    """Write one letter to each organization whose records could settle something of the ranking.

    Args:
        case: the case folder; that they were written is a line of its log.
        folder: a new folder, made for them: ``example.org.txt`` and so on; None: the texts are only returned.
        strength: entries of this strength and above.
        language: ``en``, or a language that has a catalogue.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        UsageError: no such strength or language, or the folder exists, or would lie in the case or in evidence.
        NotJudged: the case is not wholly read and judged.
        CaseStoreError: the case cannot be read, is locked, or the disk is full.
    """
    opened = CaseFolder.open(Path(case), clock)
    target = outside(Path(folder), kept(opened)) if folder is not None else None
    settled(opened, partial=False)
    words = strengths(strength)
    with opened.lock():
        with Queries(opened) as queries:
            found = read_letters(queries, words, Gate(queries))
        texts = {one.organization: write_letter(one, opened.info, language) for one in found.letters}
        written = () if target is None else _files(target, texts)
        digest = hashlib.sha256("".join(texts.values()).encode()).hexdigest()
        opened.custody.append("letters", {"letters": str(len(texts)), "language": language, "sha256": digest})
        return WrittenLetters(letters=found, texts=texts, head=opened.custody.head(), files=written)


def _files(target: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    try:
        target.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(f"{target}: {error.strerror}; name a folder that does not exist yet") from error
    found = []
    for name, text in texts.items():
        found.append(target / f"{name}.txt")
        with new_file(found[-1], ()) as handle:
            write(handle, text.encode())
    return tuple(found)
