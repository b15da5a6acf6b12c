"""Messages of stores that keep properties, with neither header fields nor a MIME tree, for examples.

Source: [MS-OXPROPS].
"""

from collections.abc import Mapping

import msgspec

from forensics.examples.times import DAY, ticks, time
from forensics.model.facts import ABSENT, Absence, ClockKind, Description, Fact, Located, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import BodyPart, Message, Party
from forensics.model.mail_texts import BodyMark, Change, Twins
from forensics.model.time_kinds import TimeKind

_SUBJECT, _TOPIC, _MESSAGE_ID = 0x0037001F, 0x0070001F, 0x1035001F
_SENDER, _RECIPIENT = 0x5D01001F, 0x39FE001F
_BODY, _HTML, _DATA, _SIZE = 0x1000001F, 0x10130102, 0x37010102, 0x0E200003
_TIMES = {
    TimeKind.SUBMITTED: (0x00390040, Description.SENT, ClockKind.SENDER),
    TimeKind.STORED: (0x0E060040, Description.DELIVERED, ClockKind.MAILBOX),
    TimeKind.MAPI_CREATED: (0x30070040, Description.CREATION, ClockKind.MAILBOX),
    TimeKind.MAPI_MODIFIED: (0x30080040, Description.MODIFICATION, ClockKind.MAILBOX),
}
"""Property that holds a time, what that means, and whose clock it is."""
_FILETIME_ZERO = 116_444_736_000_000_000
"""1970-01-01 in 100 ns since 1601."""
_DIGEST = "0123456789abcdef" * 4


def stored_message(
    sent: str = f"{DAY}T10:00:00+00:00",
    *,
    subject: str = "Minutes",
    topic: str = "Minutes",
    message_id: str = "1@example.org",
    sender: str = "anna@example.org",
    to: str = "ben@example.net",
    text: str = "Text.",
    stated_size: int = 411,
    marks: tuple[BodyMark, ...] = (),
    changed: tuple[str, str] | None = None,
    only_html: int = 0,
) -> Message:
    """A message with a text, the same as HTML, and an attachment of 411 bytes.

    Each fact is located by the path of its MAPI property; none has ranges, and none is made up.

    Args:
        sent: ISO time at which it was submitted and delivered.
        subject: of the message.
        topic: of its conversation.
        message_id: without angle brackets.
        sender: address.
        to: address of its recipient.
        text: of its body.
        stated_size: of the attachment.
        marks: what its texts hide or lead to.
        changed: words of its text, and those that its HTML has in their place.
        only_html: passages that only its HTML has.
    """
    submitted, delivered = _time(sent, TimeKind.SUBMITTED), _time(sent, TimeKind.STORED)
    return Message(
        size=4096,
        parts=_parts(len(text), stated_size),
        date=submitted,
        message_id=_said(message_id, _MESSAGE_ID),
        subject=_said(subject, _SUBJECT),
        topic=_said(topic, _TOPIC),
        parties=(_party("from", sender, _SENDER), _party("to", to, _RECIPIENT, "recipient[0]/")),
        trace=(),
        signatures=(),
        timestamps=(submitted, delivered),
        in_reply_to=(),
        references=(),
        list_id="",
        client=ABSENT,
        marks=marks,
        twins=(_twins(changed, only_html),),
        items=1,
    )


_SAID = {
    "subject": 0x0037001F,
    "message_id": 0x1035001F,
    "sender_smtp_address": 0x5D01001F,
    "sent_representing_smtp_address": 0x5D02001F,
    "message_class": 0x001A001F,
    "received_by_name": 0x0040001F,
    "creator_name": 0x3FF8001F,
    "last_modifier_name": 0x3FFA001F,
    "search_key": 0x300B0102,
}


def kept(mail: Message, said: Mapping[str, str], times: Mapping[TimeKind, str]) -> Message:
    """Return a mail with its header as a store keeps it: with properties beside the header.

    Args:
        mail: as delivered.
        said: what the store says of it, by the name of the fact without ``mapi.``.
        times: ISO times of the store.
    """
    facts = [
        Fact(name=f"mapi.{name}", value=value, raw=value.encode("utf-16-le"), locator=_place(_SAID[name]))
        for name, value in said.items()
    ]
    stamps = [_time(text, kind) for kind, text in times.items()]
    return msgspec.structs.replace(mail, stored=tuple(facts), timestamps=(*mail.timestamps, *stamps))


def _parts(size: int, stated_size: int) -> tuple[BodyPart, ...]:
    """Return a text of *size* bytes, the same as HTML, and an attachment."""
    return (
        BodyPart(number="text", media_type="text/plain", size=size, sha256=_DIGEST, locator=_place(_BODY)),
        BodyPart(number="html", media_type="text/html", size=70, sha256=_DIGEST, locator=_place(_HTML)),
        BodyPart(
            number="attachment 0",
            media_type="application/pdf",
            disposition="attachment",
            filename="x.pdf",
            size=411,
            stated_size=stated_size,
            size_written=_said(str(stated_size), _SIZE, "attachment[0]/"),
            sha256=_DIGEST,
            locator=_place(_DATA, "attachment[0]/"),
        ),
    )


def _place(number: int, owner: str = "") -> Locator:
    return Locator(path=f"mapi:{owner}0x{number:08X}")


def _said(value: str, number: int, owner: str = "") -> Located:
    return Located(value, value.encode("utf-16-le"), _place(number, owner))


def _time(text: str, kind: TimeKind) -> Timestamp:
    number, description, clock = _TIMES[kind]
    raw, path = (ticks(text) + _FILETIME_ZERO).to_bytes(8, "little"), _place(number).path
    stamp = time(
        text,
        path=path,
        kind=kind,
        raw=raw,
        start=None,
        description=description,
        clock=clock,
        precision=Precision.TICK,
    )
    return msgspec.structs.replace(stamp, offset_s=Absence.NOT_APPLICABLE)


def _party(field: str, address: str, number: int, owner: str = "") -> Party:
    return Party(
        field=field,
        index=0,
        name="",
        address=address,
        domain=address.rpartition("@")[2],
        valid=True,
        written=_said(address, number, owner),
    )


def _twins(changed: tuple[str, str] | None, only_html: int) -> Twins:
    change = Change(text=_said(changed[0], _BODY), html=_said(changed[1], _HTML)) if changed else None
    return Twins(
        text_part="text",
        html_part="html",
        text_words=80,
        html_words=80,
        equal=80,
        differing_runs=1 if change else 0,
        changes=(change,) if change else (),
        change_count=1 if change else 0,
        only_html=only_html,
    )
