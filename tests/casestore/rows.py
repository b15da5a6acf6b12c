"""Rows of an invented case."""

import typing

from forensics.model.codec import encode_text
from forensics.model.locations import Location, Step, StepKind
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.times import TimeRow

WHERE = Location((Step(kind=StepKind.FILE, name="a%20b.mbox", start=0, end=9, sha256="ab", source="leak"),))
TIME = TimeRow(5, 5, None, 3600, "s", "Sent Time", "sender", "", b"\x00\xff", "header:Date[0]", "date", 0, 0, 2, "")


NONE = LocatedRow("")


def occurrence(name: str, times: list[TimeRow]) -> OccurrenceRow:
    return OccurrenceRow(
        sha256=name,
        size=9,
        location=encode_text(WHERE),
        location_text=WHERE.text,
        source="leak",
        name="a b.mbox",
        declared_type="",
        extension_type="",
        media_type="application/mbox",
        status="parsed",
        parser="",
        reason="",
        depth=0,
        parent_sha256="",
        message_sha256="",
        mask=0,
        times=times,
    )


def message(name: str, **changed: typing.Any) -> MessageRow:
    texts = ("from_address", "from_domain", "list_id", "first_hop", "body_sha256")
    lists = ("in_reply_to", "references", "timestamps", "parties", "mailboxes", "hops", "queue_ids")
    absent = ("date", "arrived")
    plain = (
        dict.fromkeys(texts, "")
        | dict.fromkeys(("message_id", "subject", "client"), NONE)
        | {name: [] for name in lists}
        | dict.fromkeys(absent)
    )
    numbers = {"size": 1, "mask": 0}
    return MessageRow(sha256=name, **typing.cast(dict[str, typing.Any], plain | numbers | changed))


def content(name: str, status: str) -> ContentRow:
    return ContentRow(sha256=name, size=1, media_type="", parser="", status=status)
