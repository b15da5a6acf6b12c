"""What is collected while one message is read; a fault in one reading costs that reading, never the message."""

import sys
import traceback
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, ParamSpec, TypeVar

from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.facts import ABSENT, Absence, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import Message, MimePart, Party, StatedCount, TraceField
from forensics.model.mail_texts import BodyMark, FileMention, TextDigest, Twins
from forensics.model.numbers import GivenNumber
from forensics.model.quoting import QuotedMail
from forensics.parsers.mail.canonical import Canonical


class Letters(NamedTuple):
    """What tells copies of a message's texts: as `forensics.model.mail.Message` has it."""

    sha256: str = ""
    digests: tuple[TextDigest, ...] = ()
    sketch: tuple[int, ...] = ()


class Texts(NamedTuple):
    """What was read of a message's texts."""

    letters: Letters
    form: tuple[str, ...]
    twins: tuple[Twins, ...]
    marks: tuple[BodyMark, ...]
    quoted: tuple[QuotedMail, ...]
    mentions: tuple[FileMention, ...]
    searched: bool
    """Whether all were searched for marks to their end."""


class Reading:
    """Collects what the fields of one message say."""

    def __init__(self, data: bytes, root: MimePart, charset: str, *, whole: bool, kept: bool = True) -> None:
        self.data = data
        self.root = root
        self.charset = charset
        self.body_start = root.body_start
        self.whole = whole and kept
        self.kept = kept
        self.canonical: Canonical | None = None
        self.counts: dict[str, int] = {}
        self.notices: list[Notice] = []
        self.date: Timestamp | Absence = Absence.NOT_PRESENT
        self.weekday: int | None = None
        self.message_id = ABSENT
        self.subject = ABSENT
        self.topic = ABSENT
        self.parties: list[Party] = []
        self.trace: list[TraceField] = []
        self.signatures: list[Signature] = []
        self.results: list[AuthenticationResult] = []
        self.timestamps: list[Timestamp] = []
        self.stated: list[StatedCount] = []
        self.in_reply_to: tuple[str, ...] = ()
        self.references: tuple[str, ...] = ()
        self.list_id = ""
        self.client = ABSENT
        self.client_replaced = False
        self.rewritten = ""
        self.numbered_by = ""
        self.list_number = ABSENT
        self.given: list[GivenNumber] = []
        self.from_list = False
        self.quoted = False
        """Whether ``>From`` stands for a From that is not there."""

    @cached_property
    def line_ends(self) -> tuple[int, int]:
        """How many lines of the body end, and how many of them with CRLF."""
        return self.data.count(b"\n", self.body_start), self.data.count(b"\r\n", self.body_start)

    def nth(self, key: str) -> int:
        """Count one more field of a name and return its position among them."""
        place = self.counts.get(key, 0)
        self.counts[key] = place + 1
        return place

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record something odd."""
        self.notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))

    def message(self, texts: Texts, **own: Any) -> Message:
        """Return what header fields and texts say, with what the way of keeping adds.

        Args:
            texts: the texts, read.
            own: fields of `Message` that are the caller's: size, structure, times, forms, and what it counts.
        """
        letters = texts.letters
        return Message(
            date=self.date,
            weekday=self.weekday,
            message_id=self.message_id,
            subject=self.subject,
            topic=self.topic,
            letters_sha256=letters.sha256,
            texts=letters.digests,
            sketch=letters.sketch,
            counts=tuple(self.stated),
            parties=tuple(self.parties),
            trace=tuple(self.trace),
            signatures=tuple(self.signatures),
            in_reply_to=self.in_reply_to,
            references=self.references,
            list_id=self.list_id,
            from_list=self.from_list,
            client=self.client,
            rewritten=self.rewritten,
            numbered_by=self.numbered_by,
            list_number=self.list_number,
            given=tuple(self.given),
            results=tuple(self.results),
            twins=texts.twins,
            marks=texts.marks,
            mentions=texts.mentions,
            quoted=texts.quoted,
            searched=texts.searched,
            **own,
        )


P = ParamSpec("P")
T = TypeVar("T")


def attempt(
    notices: list[Notice], what: str, span: tuple[int, int], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Return what a reader reads; None, and a notice, where it fails.

    Args:
        notices: takes the notice.
        what: is read, in words.
        span: first byte of it in the message, and the one after its last: not read where the reader fails.
        read: the reader.
        args: of the reader.
        kwargs: of the reader.
    """
    try:
        return read(*args, **kwargs)
    except Exception:  # noqa: BLE001  a fault of ours must cost this reading only, and must be seen
        notices.append(fault(what, span))
        return None


def fault(what: str, span: tuple[int, int]) -> Notice:
    """Return the notice of the exception that is being handled.

    Args:
        what: was to be read, in words.
        span: first byte of it in the message, and the one after its last: not read.
    """
    error = sys.exception()
    why = "not enough memory" if isinstance(error, MemoryError) else traceback.format_exc(limit=-4)
    text = f"reading {what} failed; nothing of it is judged: {why}"
    return Notice(code="mail.reading_fault", text=text, locator=Locator(ranges=(span,)), unread=span[1] - span[0])
