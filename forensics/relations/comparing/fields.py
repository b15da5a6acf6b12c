"""Header fields of two copies, but for trace fields, those who send and receive, and the subject."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located, Timestamp
from forensics.model.mail import HeaderField
from forensics.relations.comparing import writers
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.parties import RECIPIENTS, SENDERS
from forensics.relations.comparing.reading import ComparedMail, located, value_of

_ELSEWHERE = frozenset(("received", "subject", "", *SENDERS, *RECIPIENTS))
_IDS = ("message-id", *writers.THREAD)


def compare_fields(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    """Yield what differs in the header fields of two copies; fields that are folded in another way are counted once."""
    for name in dict.fromkeys([*one.root.by_key, *other.root.by_key]):
        if name not in _ELSEWHERE and not name.startswith("content-"):
            yield from _named(name, one, other, grounds)
    yield from _forms(one, other)


def _named(name: str, one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    mine, yours = (_values(name, mail.root.by_key.get(name, ())) for mail in (one, other))
    if [value for _, value in mine] == [value for _, value in yours]:
        return
    known, there = {value for _, value in mine}, {value for _, value in yours}
    lost = [shown for shown, value in mine if value not in there]
    new = [shown for shown, value in yours if value not in known]
    if not lost and not new:  # the same values in another order, or one of them more often
        lost, new = ([shown] for shown, _ in (mine[0], yours[0]))
    for left, right in zip_longest(lost, new, fillvalue=ABSENT):
        kind = _kind(name, left, right)
        cause = _cause(name, kind, one, other, grounds)
        yield Difference(kind=kind, name=name, one=left, other=right, cause=cause)


def _values(name: str, fields: Sequence[HeaderField]) -> list[tuple[Located, str]]:
    """Return each field with what is compared of it: white space inside ids and signatures counts nothing."""
    found = []
    for place, field in enumerate(fields):
        value = value_of(field)
        plain = value.replace(" ", "") if writers.is_signature(name) or name in _IDS or name[:4] == "arc-" else value
        found.append((located(field, place, value), plain))
    return found


def _kind(name: str, one: Located, other: Located) -> str:
    gone, come = other is ABSENT, one is ABSENT
    if writers.is_signature(name):
        return "signature_removed" if gone else "signature_added" if come else "signature_changed"
    if name == "date":
        return "date"
    if name == "message-id":
        return "message_id"
    if name in writers.THREAD:
        return "thread"
    if writers.by_client(name):
        return "client"
    return "field_removed" if gone else "field_added" if come else "field_changed"


def _cause(name: str, kind: str, one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Cause | None:
    """Return what explains a difference in fields of a name, as far as it is lawful."""
    if writers.by_mailbox(name):
        return Cause.MAILBOX
    if kind == "date":
        return _of_date(one, other, grounds)
    if kind == "message_id":
        # A program that submits without an id gets one from the server, which its own copy then lacks.
        missing = one.root.first(name) is None or other.root.first(name) is None
        return grounds.sent_copy if missing else None
    if kind in ("signature_added", "signature_removed"):
        return grounds.route
    if name.startswith("thread-"):
        return _of_topic(name, one, other, grounds)
    if name == "mime-version":
        return grounds.anew if kind == "field_added" else None
    return None if writers.by_author(name) else grounds.route


def _of_date(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Cause | None:
    """Return why two dates may be written in two ways: they are one instant, in one offset or in that of a mailbox."""
    mine, yours = one.message.date, other.message.date
    if not isinstance(mine, Timestamp) or not isinstance(yours, Timestamp) or not isinstance(mine.instant, int):
        return None
    if any(len(mail.root.by_key.get("date", ())) > 1 for mail in (one, other)) or mine.instant != yours.instant:
        return None
    if mine.offset_s == yours.offset_s:
        return Cause.ENCODING
    # An Exchange mailbox keeps instants, and writes them in UTC.
    own = mine if grounds.exchange[0] else yours
    return Cause.REWRITTEN if any(grounds.exchange) and own.offset_s == 0 else None


def _of_topic(name: str, one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Cause | None:
    """Return why Thread-Topic or Thread-Index may stand in one copy alone: Exchange mailboxes give all mails one."""
    here, there = (one, other) if grounds.exchange[0] else (other, one)
    if not any(grounds.exchange) or there.root.first(name) is not None:
        return None
    topic, subject = ("".join(said.value.split()).lower() for said in (here.message.topic, here.message.subject))
    return Cause.REWRITTEN if topic in subject else None


def _forms(one: ComparedMail, other: ComparedMail) -> Iterator[Difference]:
    """Yield that fields of equal values are written in another way, or stand in another order: one of each."""
    mine, yours = ([field for field in mail.root.headers if field.key not in ("", "received")] for mail in (one, other))
    written = {_unended(field) for field in mine}
    values = {(field.key, value_of(field)): field for field in mine}
    for field in yours:
        known = values.get((field.key, value_of(field)))
        if known is not None and _unended(field) not in written:
            yield Difference(
                kind="field_form", name=field.key, one=located(known), other=located(field), cause=Cause.ENCODING
            )
            break
    shared = {field.key for field in mine} & {field.key for field in yours}
    orders = [list(dict.fromkeys(field.key for field in fields if field.key in shared)) for fields in (mine, yours)]
    for left, right in zip(*orders, strict=True):
        if left != right:
            first = one.root.by_key[left][0], other.root.by_key[right][0]
            yield Difference(
                kind="field_order", name=left, one=located(first[0]), other=located(first[1]), cause=Cause.REWRITTEN
            )
            break


def _unended(field: HeaderField) -> bytes:
    """Return a field with line ends that no mailbox changes."""
    return field.raw.replace(b"\r\n", b"\n").rstrip(b"\n")
