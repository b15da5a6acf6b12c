"""A clean archive: its mails, who replies to whom, and which lines a reply still holds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from samples.planting.bodyhash import holds
from samples.planting.mail import Mail

_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")
_ID = re.compile(r"<[^<>\s]+>")
SHORTEST_LINE = 20


@dataclass(frozen=True)
class Stored:
    """One clean mail and what a planter asks of it."""

    path: str
    data: bytes
    message_id: str
    date: datetime | None
    sender: str
    sender_field: str
    subject: str
    references: tuple[str, ...]
    """Ids in In-Reply-To, else the last of References."""
    related: tuple[str, ...] = ()
    """All ids in In-Reply-To and References."""
    list_id: str = ""
    """The list that it came by; empty: none says so."""


@dataclass(frozen=True)
class Archive:
    """All mails that may be drawn; *elsewhere* are clean mails of another archive."""

    mails: tuple[Stored, ...]
    elsewhere: tuple[Stored, ...] = ()
    skipped: int = 0
    seed: str = ""
    """What the keys of its domains are made from."""
    _by_id: dict[str, list[Stored]] = field(default_factory=dict)
    _replies: dict[str, list[Stored]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index ids and replies."""
        for mail in self.mails:
            self._by_id.setdefault(mail.message_id, []).append(mail)
            for parent in mail.references:
                self._replies.setdefault(parent, []).append(mail)

    def by_id(self, message_id: str) -> Sequence[Stored]:
        """Return the mails with an id."""
        return self._by_id.get(message_id, [])

    def replies_to(self, message_id: str) -> Sequence[Stored]:
        """Return the mails that name an id as their parent."""
        return self._replies.get(message_id, [])

    def senders(self) -> dict[str, int]:
        """Return how many mails each sender wrote, in order of first mail."""
        found: dict[str, int] = {}
        for mail in self.mails:
            found[mail.sender] = found.get(mail.sender, 0) + 1
        return found

    def witnessed(self, mail: Stored, lines: Iterable[str] = ()) -> bool:
        """Return whether the archive can show a change of these lines: a body hash, a copy, or a reply quotes them."""
        return holds(Mail.parse(mail.data)) or self.repeated(mail, lines)

    def repeated(self, mail: Stored, lines: Iterable[str] = ()) -> bool:
        """Return whether another mail holds these lines: a copy, or a reply that quotes them."""
        if len(self.by_id(mail.message_id)) > 1:
            return True
        wanted = {_squeezed(line) for line in lines if len(_squeezed(line)) >= SHORTEST_LINE}
        return bool(wanted) and any(wanted & set(quoted_lines(reply)) for reply in self.replies_to(mail.message_id))


def quoted_lines(mail: Stored) -> list[str]:
    """Return the lines that a mail quotes, blanks squeezed."""
    parsed = Mail.parse(mail.data)
    lines = [line for part in parsed.parts() for line in parsed.text(part).split("\n") if line.startswith(">")]
    return [_squeezed(line.lstrip("> ")) for line in lines]


def _squeezed(line: str) -> str:
    return " ".join(line.split())


def read(path: Path) -> Archive:
    """Read a folder of mails, or one mbox file."""
    mails, skipped = [], 0
    for name, data in sorted(_files(path)):
        stored = store(name, data)
        if stored is None:
            skipped += 1
        else:
            mails.append(stored)
    return Archive(tuple(mails), skipped=skipped)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file():
                yield file.relative_to(path).as_posix(), re.sub(rb"\AFrom [^\n]*\n", b"", file.read_bytes())
        return
    for number, data in enumerate(_SEPARATOR.split(path.read_bytes())[1:]):
        yield f"{number:06d}.eml", re.sub(rb"(?m)^>(>*From )", rb"\1", data.removesuffix(b"\n"))


def store(path: str, data: bytes) -> Stored | None:
    """Read the header of a mail; ``None``: it is no mail, since it has no From or no body."""
    mail = Mail.parse(data)
    sender = mail.value("From")
    if not sender or not mail.gap:
        return None
    answered, named = [_ID.findall(mail.value(name)) for name in ("In-Reply-To", "References")]
    return Stored(
        path=path,
        data=data,
        message_id=next(iter(_ID.findall(mail.value("Message-ID"))), ""),
        date=_date(mail.value("Date")),
        sender=parseaddr(sender)[1].lower(),
        sender_field=sender,
        subject=mail.value("Subject"),
        references=tuple(answered or named[-1:]),
        related=tuple(dict.fromkeys([*answered, *named])),
        list_id=mail.value("List-Id") or mail.value("X-Mailing-List"),
    )


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
