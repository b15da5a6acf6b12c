"""From and Sender before a list server put itself there.

Source: Mailman 2.1 ``Handlers/CookHeaders.py`` and ``WrapMessage.py`` (``from_is_list``), Mailman 3
``handlers/dmarc.py``; Ecartis writes its own Sender.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from forensics.knowledge.suffixes import organization
from forensics.model.mail import HeaderField
from forensics.parsers.mail.addresses import parse_addresses

WITNESSES = ("x-original-from", "reply-to", "x-mailfrom", "x-original-sender", "return-path", "x-envelope-from", "from")
"""Fields in which servers leave who it was, the plainest first."""
_VIA = re.compile(rb"""^["']?(.{1,200}?)[ \t]+(?:via|on behalf of)[ \t]+[^<]{1,200}$""", re.IGNORECASE | re.DOTALL)
_ENVELOPE = re.compile(rb"envelope-from[ =]+<?([^<>\s;)]{1,200})", re.IGNORECASE)
_MOST = 8
_LONGEST = 2_000
"""Bytes of a field that are looked at."""

Fields = Mapping[str, Sequence[bytes]]
"""Lower-case name to field bodies, topmost first."""


def originals_of_from(fields: Fields, boxes: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what From may have been; *boxes* are mailboxes of the thread."""
    for key in ("x-original-from", "reply-to"):
        yield from [body.strip() for body in fields.get(key, ()) if len(body) <= _LONGEST]
    shown = _name(fields)
    found = _VIA.match(shown)
    names = dict.fromkeys(([found[1].strip(b"\"' \t")] if found is not None else []) + [shown.strip(b'"')])
    for address in _addresses(fields, WITNESSES[:-1]):
        for name in names:
            yield b'"%s" <%s>' % (name, address)
            yield b"%s <%s>" % (name, address)
        yield address
    yield from boxes


def originals_of_sender(fields: Fields, accounts: Sequence[bytes]) -> Iterator[bytes | None]:
    """Yield what Sender may have been, ``None``: it was not there; *accounts* are the author's in other mails."""
    yield None
    name = _name(fields)
    names = dict.fromkeys((name, name.strip(b'"')))
    for address in dict.fromkeys([*_addresses(fields, WITNESSES), *accounts]):
        yield address
        for name in names:
            yield b"%s <%s>" % (name, address)


def is_of_list(fields: Sequence[HeaderField], route: str) -> bool:
    """Whether the only Sender is a list's own address: it bears the list's name, at the list's organization.

    Args:
        fields: of the header.
        route: id of the list.
    """
    senders = [field.body for field in fields if field.key == "sender"]
    boxes = parse_addresses(senders[0][:_LONGEST]) if len(senders) == 1 else []
    local, _, domain = boxes[0].address.lower().rpartition("@") if boxes else ("", "", "")
    name = route.partition(".")[0]
    return bool(name) and local.startswith(name) and organization(domain) == organization(route)


def _addresses(fields: Fields, keys: Iterable[str]) -> list[bytes]:
    found = [
        box.address.encode("utf-8", "replace")
        for key in keys
        for body in fields.get(key, ())[:2]
        for box in parse_addresses(body[:_LONGEST])[:2]
        if "@" in box.address
    ]
    traces = [body[:_LONGEST] for body in fields.get("received", ())]
    found += [match[1] for body in traces for match in _ENVELOPE.finditer(body) if b"@" in match[1]]
    return list(dict.fromkeys(found))[:_MOST]


def _name(fields: Fields) -> bytes:
    """Return the name in From as it is written; empty where it has none."""
    name, angle, _ = fields.get("from", [b""])[0][:_LONGEST].partition(b"<")
    return b" ".join(name.split()) if angle else b""
