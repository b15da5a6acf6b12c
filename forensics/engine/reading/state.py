"""What readers of items share: how far one was read, what is kept of a content for its copies, where rows go."""

from typing import Protocol

import msgspec

from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.items import Notice, Status
from forensics.model.mail import MailMessage

Facts = MailMessage | DocumentFacts | ArchiveFacts
PULSE_TEXT = 4064
"""Characters of a location by which a worker names its current item; an item to skip is known by as many."""
DAMAGED = frozenset({"zip.truncated", "zip.damaged", "zip.crc"})
"""Notices of a container that a member's bytes are not what was once stored."""


class Reading(msgspec.Struct):
    """What one parse gave, filled as it goes."""

    parser: str = ""
    media_type: str = ""
    facts: list[Facts] = []
    notices: list[Notice] = []
    status: Status = Status.PARSED
    reason: str = ""
    children: bool = False
    damaged: bool = False
    again: bool = False
    """A copy of a content whose facts are recorded: only the places of what it holds are new."""

    def member(self, notices: tuple[Notice, ...]) -> None:
        """Note once that a container holds members that are not whole."""
        if not self.damaged and any(notice.code in DAMAGED for notice in notices):
            self.damaged = True
            self.lower(Status.PARTIAL, "engine.member_damaged")
            self.notices.append(Notice(code="engine.member_damaged", text="at least one member is not whole"))

    def lower_for(self, notices: tuple[Notice, ...]) -> None:
        """Lower the state where the container says that the bytes are not whole."""
        for notice in notices:
            if notice.code in DAMAGED:
                self.lower(Status.PARTIAL, notice.code)

    def lower(self, status: Status, reason: str) -> None:
        """Record the first reason why the item is not wholly read, or, where nothing of it was, why not at all."""
        if self.status is Status.PARSED or (status is Status.UNREAD and not self.facts):
            self.status, self.reason = status, reason


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a content that was read."""

    parser: str
    media_type: str
    status: Status
    reason: str
    mask: int
    children: bool


class Sink(Protocol):
    """Where rows go."""

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row of a table."""
