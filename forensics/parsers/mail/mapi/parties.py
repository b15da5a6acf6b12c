"""Who wrote to whom, by properties: of mail that keeps no header.

An address of Exchange (``EX``) is a name in its directory; the address by which mail reaches it stands beside it, where
the store has it. Else it stays what it is: it is never made into another.

Source: [MS-OXOMSG] 2.2.1, [MS-OXCMSG] 2.2.3, [MS-OXOABK] 2.2.3.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.model.facts import Located
from forensics.model.mail import Party
from forensics.parsers.mail.addr_spec import is_valid
from forensics.parsers.mail.mapi.properties import Properties
from forensics.parsers.mail.mapi.values import is_text, located, number, text


class _Numbers(NamedTuple):
    """Properties that tell of one mailbox."""

    name: int
    kind: int
    address: int
    smtp: tuple[int, ...]


_SENDER = _Numbers(0x0C1A, 0x0C1E, 0x0C1F, (0x5D01, 0x5D0A))
_REPRESENTED = _Numbers(0x0042, 0x0064, 0x0065, (0x5D02, 0x5D0B))
_RECIPIENT = _Numbers(0x3001, 0x3002, 0x3003, (0x39FE,))
_OTHER_NAME = 0x5FF6
_RECIPIENT_TYPE = 0x0C15
_FIELDS = {1: "to", 2: "cc", 3: "bcc"}
_SMTP = "SMTP"
MOST = 20_000
"""Recipients of one message."""


class _Mailbox(NamedTuple):
    name: str
    address: str
    written: Located | None


def read_parties(properties: Properties, recipients: Sequence[Properties]) -> tuple[Party, ...]:
    """Return the mailboxes of a message.

    From is whom it was sent for; whoever sent it for another is its Sender.
    """
    return tuple(_parties(properties, recipients))


def _parties(properties: Properties, recipients: Sequence[Properties]) -> Iterator[Party]:
    sender, represented = _mailbox(properties, _SENDER), _mailbox(properties, _REPRESENTED)
    author = represented or sender
    if author is not None:
        yield _party("from", 0, author)
        if sender is not None and sender.address.lower() != author.address.lower():
            yield _party("sender", 0, sender)
    counts: dict[str, int] = {}
    for recipient in recipients[:MOST]:
        # Flags stand above the type: whether it was resent, whether a meeting was answered.
        field = _FIELDS.get((number(recipient, _RECIPIENT_TYPE) or 0) & 0xF)
        found = _mailbox(recipient, _RECIPIENT)
        if field is not None and found is not None:
            place = counts.get(field, 0)
            counts[field] = place + 1
            yield _party(field, place, found._replace(written=None))


def _mailbox(properties: Properties, numbers: _Numbers) -> _Mailbox | None:
    name = text(properties, numbers.name) or text(properties, _OTHER_NAME if numbers is _RECIPIENT else numbers.name)
    kind = text(properties, numbers.kind).upper()
    for one in (*numbers.smtp, numbers.address) if kind != _SMTP else (numbers.address, *numbers.smtp):
        found = properties.get(one)
        if found is None or not is_text(found):
            continue
        written = located(properties, found)
        if written.value:
            return _Mailbox(name, written.value, written)
    return _Mailbox(name, "", None) if name else None


def _party(field: str, index: int, found: _Mailbox) -> Party:
    address = found.address.strip()
    is_mail = "@" in address and not address.startswith("/")
    return Party(
        field=field,
        index=index,
        name=found.name,
        address=address,
        domain=address.rpartition("@")[2].lower() if is_mail else "",
        valid=is_mail and is_valid(address),
        written=found.written,
    )
