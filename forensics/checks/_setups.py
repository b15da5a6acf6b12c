"""What must have been another one to bring marks that a sender's other mails do not have: computer, provider, zone."""

import re
from collections.abc import Sequence

import msgspec

from forensics.checks._forms import in_words as feature_in_words
from forensics.model.sentences import Sentence

_PROVIDER = frozenset(("account", "server", "signer"))
_MACHINE = re.compile(r"[^.]*$|.*\.(?:local|localdomain|localhost|lan|home|internal|intra|corp)$")
"""A name that no public server has: an id with it was made on the computer."""


class Mark(msgspec.Struct, frozen=True):
    """One mark that no other mail of the sender has."""

    kind: str
    value: str
    usual: str
    """The commonest among the sender's mails."""
    n: int
    """Other mails of the sender that show this kind."""


_TRAITS = {
    "program": "program",
    "offset": "zone",
    "form order": "order",
    "form mime-name": "order",
    "form id": "id",
    "form id-name": "id",
    "form charset": "charset",
    "form charset-fold": "charset",
    "form boundary": "charset",
    "form transfer": "transfer",
    "form attribution": "quotation",
    "server": "server",
    "domain": "provider",
    "account": "provider",
    "signer": "provider",
}
TEXTS = frozenset(("form transfer", "form attribution"))
"""Habits that one text may break: they count as traits, and as no sign of another program."""


def traits(marks: Sequence[Mark]) -> set[str]:
    """Return which of the eight technical traits of a sender are new: program, zone, order of fields and so on."""
    return {_TRAITS[mark.kind] for mark in marks if mark.kind in _TRAITS}


def independent(kind: str) -> str:
    """Return what a kind of mark counts as: every habit of a program is the program's."""
    return "program" if kind.startswith("form ") else kind


def causes(sender: str, marks: Sequence[Mark], *, by_server: bool) -> set[str]:
    """Return the least that must have been another one: ``computer``, ``provider``, ``zone``.

    Args:
        sender: address, lower case.
        marks: new for the sender.
        by_server: a server of the trace made the Message-ID: then it may have written Date too.
    """
    values = {mark.kind: mark for mark in marks}
    found = {
        "computer" if _MACHINE.match(one.value) and one.kind == "server" else "provider"
        for one in marks
        if one.kind in _PROVIDER
    }
    if any(independent(kind) == "program" for kind in values):
        found.add("computer")
    if (domain := values.get("domain")) is not None:
        # Many programs write the address's own domain into the id.
        made_here = _MACHINE.match(domain.value) or sender.endswith((f"@{domain.value}", f".{domain.value}"))
        found.add("computer" if made_here else "provider")
    if (zone := values.get("offset")) is not None and not by_server and _elsewhere(zone):
        found.add("zone")
    return found


def _elsewhere(zone: Mark) -> bool:
    """Whether an offset is that of another place: UTC is a server's or a service's, and an hour is summer time."""
    return int(zone.value) != 0 and abs(int(zone.value) - int(zone.usual)) != 3600


def in_words(mark: Mark, value: str) -> str | Sentence:
    """Say a value of a mark in words."""
    if mark.kind.startswith("form ") and "=" in value:
        return feature_in_words(value)
    return f"{mark.kind} {value[:60] or 'none'}"
