"""Those who send and receive, in two copies: addresses apart from names."""

from collections.abc import Iterator, Sequence

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located
from forensics.model.mail import HeaderField, Party
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.reading import ComparedMail, located, value_of

RECIPIENTS = ("to", "cc", "bcc")
SENDERS = {"from": "from", "sender": "sender", "reply-to": "reply_to"}
"""Field to the kind of its difference."""
_BY_WAY = (" via ", " (via ")


def compare_parties(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    """Yield what differs in the address fields of two copies."""
    for name in (*SENDERS, *RECIPIENTS):
        mine, yours = one.root.by_key.get(name, ()), other.root.by_key.get(name, ())
        if not mine and not yours:
            continue
        if [value_of(field) for field in mine] == [value_of(field) for field in yours]:
            continue
        parties = [party for party in one.message.parties if party.field == name]
        others = [party for party in other.message.parties if party.field == name]
        shown = _shown(mine), _shown(yours)
        if name in SENDERS:
            yield from _senders(name, parties, others, shown, _cause(name, one, other, grounds))
        else:
            cause = grounds.sent_copy if name == "bcc" else None
            yield from _recipients(name, parties, others, shown, cause)


def _shown(fields: Sequence[HeaderField]) -> Located:
    return located(fields[0]) if fields else ABSENT


def _name(party: Party) -> str:
    """Return the name of one who sends or receives; one that repeats the address is none."""
    return "" if party.name.strip("'\"").lower() == _address(party) else party.name


def _address(party: Party) -> str:
    return party.address.lower()


def _senders(
    name: str, mine: Sequence[Party], yours: Sequence[Party], shown: tuple[Located, Located], cause: Cause | None
) -> Iterator[Difference]:
    """Yield that those who send differ, by address or by name, or that the field is only written in another way."""
    kind = SENDERS[name]
    if [_address(party) for party in mine] != [_address(party) for party in yours]:
        yield Difference(kind=kind, name=name, one=shown[0], other=shown[1], cause=cause)
    elif [_name(party) for party in mine] != [_name(party) for party in yours]:
        kind = "from_name" if name == "from" else kind
        yield Difference(kind=kind, name=name, one=shown[0], other=shown[1], cause=cause)
    else:
        kind = "field_form" if mine and yours else kind
        own = Cause.ENCODING if mine and yours else cause
        yield Difference(kind=kind, name=name, one=shown[0], other=shown[1], cause=own)


def _cause(name: str, one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Cause | None:
    """Return why those who send may differ: lists put themselves in, servers write Sender."""
    if name == "sender":
        return grounds.route
    if grounds.list_ is None:
        return None
    if name == "reply-to":
        return Cause.LIST
    return Cause.LIST if _munged(one, other) or _munged(other, one) else None


def _munged(one: ComparedMail, other: ComparedMail) -> bool:
    """Whether a list wrote itself into From of the one copy and kept the author of the other beside it."""
    listed = {party.address.lower() for party in one.message.parties if party.field not in ("from", "to")}
    author = other.message.sender_known_as.lower()
    sender = one.message.sender
    if sender is None or not author:
        return False
    kept = author in listed or any(
        author in value_of(field).lower() for field in one.root.headers if field.key in ("x-original-from", "reply-to")
    )
    return kept and (any(mark in sender.name.lower() for mark in _BY_WAY) or author.replace("@", "=") in sender.address)


def _recipients(
    name: str, mine: Sequence[Party], yours: Sequence[Party], shown: tuple[Located, Located], cause: Cause | None
) -> Iterator[Difference]:
    one = {_address(party): party for party in mine}
    other = {_address(party): party for party in yours}
    removed, added = [key for key in one if key not in other], [key for key in other if key not in one]
    for key in removed:
        yield _difference("recipient_removed", name, one[key], None, shown, cause)
    for key in added:
        yield _difference("recipient_added", name, None, other[key], shown, cause)
    for key in one:
        if key in other and _name(one[key]) != _name(other[key]):
            yield _difference("recipient_name", name, one[key], other[key], shown, cause)
    if not removed and not added and list(one) != list(other):
        yield Difference(kind="recipient_order", name=name, one=shown[0], other=shown[1], cause=Cause.ENCODING)


def _difference(
    kind: str,
    name: str,
    one: Party | None,
    other: Party | None,
    shown: tuple[Located, Located],
    cause: Cause | None,
) -> Difference:
    sides = [
        Located(_mailbox(party), field.raw, field.locator)
        if party is not None
        else Located("", field.raw, field.locator)
        for party, field in ((one, shown[0]), (other, shown[1]))
    ]
    return Difference(kind=kind, name=name, one=sides[0], other=sides[1], cause=cause)


def _mailbox(party: Party) -> str:
    return f"{party.name} <{party.address}>" if party.name else party.address
