"""Documents, archives and places for examples."""

from msgspec.structs import replace

from forensics.examples.located import located
from forensics.examples.times import time
from forensics.model.document_signatures import DocumentSignature
from forensics.model.documents import ArchiveFacts, ArchiveMember, DocumentFacts
from forensics.model.facts import ABSENT, ClockKind, Description, Fact, Timestamp
from forensics.model.items import Occurrence
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.time_kinds import TimeKind


def document(
    created: str | None = None,
    modified: str | None = None,
    *,
    format: str = "ooxml.word",
    author: str = "",
    last_author: str = "",
    application: str = "",
    owner: str = "",
    clock: ClockKind = ClockKind.APPLICATION,
    properties: tuple[Fact, ...] = (),
    signatures: tuple[DocumentSignature, ...] = (),
) -> DocumentFacts:
    """A document or image with its two own times."""
    first = _document_time(created, "created", TimeKind.CORE_CREATED, Description.CREATION, owner, clock)
    last = _document_time(modified, "modified", TimeKind.CORE_MODIFIED, Description.MODIFICATION, owner, clock)
    return DocumentFacts(
        format=format,
        properties=properties,
        timestamps=tuple([stamp for stamp in (first, last) if stamp is not None]),
        author=located(author, "author") if author else ABSENT,
        last_author=located(last_author, "last_author") if last_author else ABSENT,
        application=application,
        created=first,
        modified=last,
        signatures=signatures,
    )


def fact(name: str, value: str, *, path: str = "", start: int = 0) -> Fact:
    """A fact whose bytes are its value."""
    raw = value.encode()
    return Fact(
        name=name, value=value, raw=raw, locator=Locator(ranges=((start, start + len(raw)),), path=path or name)
    )


def archive(*members: ArchiveMember, format: str = "zip") -> ArchiveFacts:
    """A zip archive of these members."""
    return ArchiveFacts(format=format, members=members)


def member(
    name: str = "a.txt",
    *,
    index: int = 0,
    times: tuple[Timestamp, ...] = (),
    conflicts: tuple[Fact, ...] = (),
    made_by: int = 20,
    flags: int = 0,
    crc32: int = 0,
    listed_at: int | None = None,
) -> ArchiveMember:
    """A stored member of 3 bytes."""
    return ArchiveMember(
        index=index,
        name=name,
        size=3,
        stored_size=3,
        method=0,
        flags=flags,
        made_by=made_by,
        needed=20,
        listed_at=listed_at,
        crc32=crc32,
        encrypted=False,
        header_start=0,
        times=times,
        conflicts=conflicts,
    )


def occurrence(
    name: str = "",
    *,
    declared_type: str = "",
    extension_type: str = "",
    media_type: str = "",
    sha256: str = "0" * 64,
    other: str = "",
    other_type: str = "",
) -> Occurrence:
    """A file in the folder ``leak``, 3 bytes long; *other* is a further name that its mail gives it."""
    return Occurrence(
        sha256=sha256,
        size=3,
        location=location(f"leak/{name}", sha256=sha256),
        name=name,
        declared_type=declared_type,
        extension_type=extension_type,
        other_names=(other,) if other else (),
        other_types=(other_type,) if other else (),
        media_type=media_type,
        unrecognized=not media_type,
    )


def named_occurrence(name: str, said: tuple[tuple[str, str], ...], lengths: tuple[int, int]) -> Occurrence:
    """A mail in a Maildir; *said*: names and values of what its own name says, *lengths*: bytes by line ends."""
    named = [
        Fact(name=key, value=value, raw=value.encode(), locator=Locator(path=f"file:name/{key}")) for key, value in said
    ]
    return replace(occurrence(name, media_type="message/rfc822"), named=tuple(named), lengths=lengths)


def location(path: str = "leak/1.eml", *, sha256: str = "0" * 64) -> Location:
    """A file of the source ``sample``."""
    return Location((Step(kind=StepKind.FILE, name=path, start=0, end=3, sha256=sha256, source="sample"),))


def _document_time(
    text: str | None, path: str, kind: TimeKind, description: Description, owner: str, clock: ClockKind
) -> Timestamp | None:
    if text is None:
        return None
    return time(text, path=path, kind=kind, owner=owner, clock=clock, description=description)
