"""The marks that one writer's zip members have in common: version, host, flags, time, extra fields.

Source: PKWARE APPNOTE 4.4; kb:OOX-1, kb:ODF-1.
"""

from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive._zip_records import Header
from forensics.parsers.archive.zip_structure import Directory

CONSTANT = "1980-01-01"
MOST_FORMS = 20
GROWTH_HINT = 0xA220
"""Padding that Office leaves so that a part can grow in place."""


class _Form(NamedTuple):
    """What tells one writer's zip members from another's."""

    made_by: int
    needed: int
    flags: int
    time: str
    extras: tuple[int, ...]

    def words(self) -> str:
        """Return it as a fact tells it."""
        extras = "+".join([f"{one:04x}" for one in self.extras]) or "none"
        version, host = self.made_by & 0xFF, self.made_by >> 8
        return f"made by {version} on {host}, needs {self.needed}, flags {self.flags:04x}, {self.time}, extra {extras}"


def form_facts(source: ByteSource, directory: Directory, gathering: Gathering, name: str) -> None:
    """Add how the members are written, form by form.

    Facts:
        *name*: the marks of the headers of some members and how many there are, at the first of them.
    """
    forms: dict[_Form, list[Member]] = {}
    for member in directory.members:
        if member.central is not None and not member.name.endswith(b"/") and member.size:
            forms.setdefault(_form(member.central, member.local), []).append(member)
    for form, ones in sorted(forms.items(), key=lambda found: -len(found[1]))[:MOST_FORMS]:
        header = ones[0].central
        assert header is not None
        count = f"{len(ones)} members" if len(ones) > 1 else "1 member"
        start, end = header.range("made_by")[0], header.range("date")[1]
        locator = Locator(path=f"zip:central[{ones[0].index}].form", ranges=((start, end),))
        value = f"{count}: {form.words()}"
        gathering.add_fact(name, value, locator, source.read(start, end))


def _form(central: Header, local: Header | None) -> _Form:
    extras = {extra.id for extra in central.extras} | ({extra.id for extra in local.extras} if local else set[int]())
    time = CONSTANT if (central.date, central.time) == (0x21, 0) else "dated"
    needed = int.from_bytes(central.raw("needed"), "little")
    return _Form(central.made_by, needed, central.flags, time, tuple(sorted(extras - {GROWTH_HINT})))
