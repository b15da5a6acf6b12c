"""What someone wants to say, what a client makes of it, and the draft in between."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from forensics._demo.leak.bodies import (
    Attachment,
    Style,
    base64_lines,
    encode_text,
    encoded_phrase,
    encoded_word,
    file_fields,
    flow,
    mailbox,
    multipart,
    part,
    text_fields,
)
from forensics._demo.leak.clock import date_field
from forensics._demo.leak.people import LIST, LIST_NAME, Person

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Letter:
    """What someone wants to say, and when the mail really leaves."""

    sender: Person
    to: tuple[Person, ...]
    subject: str
    sent: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    parent: "Mail | None" = None
    attached: bytes = b""
    """Mail forwarded as an attachment, as it lies in the sender's mailbox."""
    to_list: bool = False
    dated: bool = True
    """Whether the client writes a Date."""
    delay: int = 0
    """Seconds that the mail waits in the outbox after the Date was set."""


@dataclass(frozen=True)
class Mail:
    """A mail as its client handed it over."""

    letter: Letter
    message_id: str
    claimed: datetime
    """The client's clock when it wrote the Date."""
    fields: tuple[tuple[str, str], ...]
    body: bytes
    references: tuple[str, ...] = ()
    thread_index: bytes = b""
    thread_topic: str = ""

    def source(self, trace: Fields | None = None) -> bytes:
        """Bytes with LF line ends, *trace* fields on top."""
        rows = [*(trace or []), *self.fields]
        return "".join([f"{name}: {value}\n" for name, value in rows]).encode("ascii") + b"\n" + self.body


@dataclass
class Draft:
    """What a client's function works on."""

    letter: Letter
    rng: Random
    claimed: datetime
    offset: int
    style: Style
    text: str
    message_id: str = ""
    boundaries: list[str] = field(default_factory=list)
    html: str = ""
    thread_index: bytes = b""

    @property
    def date(self) -> Fields:
        """The Date field, if any."""
        if not self.letter.dated:
            return []
        padded = self.letter.sender.client == "roundcube"
        offset = 0 if self.letter.sender.client == "exchange" else self.offset
        return [("Date", date_field(self.claimed, offset, padded=padded))]

    @property
    def sender(self) -> Fields:
        """The From field."""
        return [("From", mailbox(self.letter.sender, self.style, quoted=self.letter.sender.client == "outlook"))]

    @property
    def to(self) -> Fields:
        """To and Cc."""
        glue = f",\n{self.style.fold}"
        people = [mailbox(person, self.style) for person in self.letter.to]
        if self.letter.to_list:
            people = [f"{encoded_phrase(LIST_NAME, self.style.words)} <{LIST}>"]
        rows = [("To", people[0])]
        if people[1:]:
            rows.append(("Cc", glue.join(people[1:])))
        return rows

    @property
    def subject(self) -> Fields:
        """The Subject field."""
        return [("Subject", encoded_word(self.letter.subject, self.style.words, self.style.fold))]

    @property
    def references(self) -> tuple[str, ...]:
        """Ids of the thread so far."""
        parent = self.letter.parent
        return (*parent.references[-6:], parent.message_id) if parent else ()

    @property
    def answers(self) -> Fields:
        """References and In-Reply-To."""
        ids = [f"<{value}>" for value in self.references]
        return [("References", "\n ".join(ids)), ("In-Reply-To", ids[-1])] if ids else []

    @property
    def identity(self) -> Fields:
        """The Message-ID field."""
        name = "Message-Id" if self.letter.sender.client in ("apple", "iphone") else "Message-ID"
        return [(name, f"<{self.message_id}>")]

    def content(self) -> tuple[Fields, bytes]:
        """Content fields and body: text, or a tree of alternative and mixed parts."""
        detailed = self.letter.sender.client == "exchange"
        plain = flow(self.text) if self.style.flowed else self.text
        marks = list(self.boundaries)
        extra = [
            part(file_fields(item, self.style, detailed=detailed), base64_lines(item.data))
            for item in self.letter.attachments
        ]
        if self.letter.attached:
            fields = [("Content-Type", "message/rfc822"), ("Content-Disposition", "attachment")]
            extra.append(part(fields, self.letter.attached))
        mixed = marks.pop(0) if extra else ""
        fields, body = text_fields(self.style), encode_text(plain, self.style)
        if self.html:
            mark = marks.pop(0)
            page = part(text_fields(self.style, "html"), encode_text(self.html, self.style))
            body = multipart(mark, [part(fields, body), page], b"" if mixed else self.style.preamble)
            fields = self._multipart("alternative", mark)
        if mixed:
            body = multipart(mixed, [part(fields, body), *extra], self.style.preamble)
            fields = self._multipart("mixed", mixed)
        return fields, body

    def _multipart(self, subtype: str, mark: str) -> Fields:
        bare = mark if self.letter.sender.client in ("webpost", "iphone") else f'"{mark}"'
        return [("Content-Type", f"multipart/{subtype};\n{self.style.fold}boundary={bare}")]


def redirected(mail: Mail, fields: Fields, body: bytes) -> Mail:
    """Return the mail with other fields and body, as a list server hands it on."""
    return replace(mail, fields=tuple(fields), body=body)
