"""What rules say of parts that authors signed with S/MIME or OpenPGP, and of keys that did not come with the mail."""

from collections.abc import Mapping

import msgspec

from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow
from forensics.model.sentences import Sentence, says
from forensics.model.signed_parts import SignedKind

METHODS: Mapping[str, str] = {
    SignedKind.SMIME: "S/MIME",
    SignedKind.SMIME_OPAQUE: "S/MIME",
    SignedKind.PGP_MIME: "OpenPGP",
    SignedKind.PGP_INLINE: "OpenPGP",
}
_OF_FILE = says("rule.signer_key.of_file", one="of {file}")
_OF_MAILS = says(
    "rule.signer_key.of_mails",
    one="that 1 mail of this archive carries",
    many="that {n} mails of this archive carry",
)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A signed part that a key was tried on which did not come with its mail."""

    sha256: str
    location: Location
    kind: str
    path: str
    """Of the signed bytes."""
    opening: LocatedRow
    key: str
    obtained: str
    origin: str
    carriers: int
    """Mails that carry the key."""
    signers: list[str]
    """Addresses that the key names."""
    sender: str
    """Address of From."""


PART_COLUMNS = """i.sha256, i.location, p.kind, p."path", p.opening, p."key", p.obtained, p.origin, p.carriers,
       p.signers, coalesce(m.sender, '') AS sender"""
"""Columns of a `Part`."""
PARTS = """judged_parts p JOIN flat.items i ON i.sha256 = p.sha256 JOIN flat.mails m ON m.item = i.item
WHERE p.obtained IN ('file', 'archive')"""
"""What they are of."""


def key_of(part: Part) -> Sentence:
    """Say where a key was come by, behind "a key"."""
    return _OF_FILE(file=part.origin[:120]) if part.obtained == "file" else _OF_MAILS(part.carriers)


def example(**changed: object) -> Part:
    """A part that Anna signed with the key of a file."""
    part = Part(
        sha256="0" * 64,
        location=location(),
        kind=SignedKind.PGP_MIME,
        path="part:1",
        opening=located_row("-----BEGIN PGP SIGNATURE-----", "part:2", start=900),
        key="0" * 40,
        obtained="file",
        origin="ring.asc",
        carriers=0,
        signers=["anna@example.org"],
        sender="anna@example.org",
    )
    return msgspec.structs.replace(part, **changed)
