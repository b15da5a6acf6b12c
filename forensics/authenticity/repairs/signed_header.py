"""The header block that a signature signs, with other fields in place of those that stand here."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from forensics.authenticity.repairs.mails import Mail
from forensics.model.mail import HeaderField
from forensics.parsers.mail.canonical import canonical_field, own_field
from forensics.parsers.mail.tag_lists import read_tags

Fields = Mapping[str, Sequence[bytes]]
"""Lower-case name to the whole fields that stood in the header, topmost first; other names are as they are here."""


class SignedHeader:
    """What one signature covers.

    Args:
        mail: it stands in.
        signature: its field.
        names: ``h=``, lower case.
        relaxed: form of the header.
        hash_name: ``sha256`` or ``sha1``.
        signed: says of a digest whether it is the one that was signed.

    Attributes:
        names: ``h=``.
        relaxed: form of the header.
        tries: blocks that were compared.
    """

    def __init__(
        self,
        mail: Mail,
        signature: HeaderField,
        names: Sequence[str],
        *,
        relaxed: bool,
        hash_name: str,
        signed: Callable[[bytes], bool],
    ) -> None:
        self.names = tuple(names)
        self.relaxed = relaxed
        self.tries = 0
        self._hash_name = hash_name
        self._signed = signed
        self._own = own_field(signature, read_tags(signature.body), relaxed)
        self._canonical: dict[bytes, bytes] = {}
        self._here: dict[str, list[bytes]] = {}
        wanted = set(names)
        for field in mail.fields:
            if field.key in wanted:
                self._here.setdefault(field.key, []).append(canonical_field(field, relaxed))

    def holds(self, fields: Fields) -> bool:
        """Whether the signature holds with other fields."""
        self.tries += 1
        other = {key: [self._form(field) for field in found] for key, found in fields.items()}
        return self._signed(hashlib.new(self._hash_name, b"".join(self._pieces(other))).digest())

    def first_that_holds(self, key: str, bodies: Iterable[bytes], fields: Fields) -> bytes | None:
        """Return the first body of a field with which the signature holds; ``None``: none of them.

        Faster than `holds`, for hundreds of thousands of bodies: all before the field is hashed once.

        Args:
            key: of a field that stands once and is signed once, relaxed.
            bodies: without white space at their ends or folds.
            fields: other fields, as `holds` takes them.
        """
        other = {name: [self._form(field) for field in found] for name, found in fields.items()}
        pieces = self._pieces({**other, key: (b"",)})
        place = pieces.index(b"")
        start = hashlib.new(self._hash_name, b"".join(pieces[:place]) + key.encode() + b":")
        after = b"\r\n" + b"".join(pieces[place + 1 :])
        copy, signed, tries = start.copy, self._signed, 0
        found = None
        for tries, body in enumerate(bodies, 1):  # noqa: B007  the count is kept
            running = copy()
            running.update(body + after)
            if signed(running.digest()):
                found = body
                break
        self.tries += tries
        return found

    def _form(self, field: bytes) -> bytes:
        known = self._canonical.get(field)
        if known is None:
            name = field.partition(b":")[0].decode("latin-1").strip()
            known = self._canonical[field] = canonical_field(HeaderField(name, name.lower(), field, 0), self.relaxed)
        return known

    def _pieces(self, other: Fields) -> list[bytes]:
        taken: dict[str, int] = {}
        pieces: list[bytes] = []
        for name in self.names:
            fields = other[name] if name in other else self._here.get(name, ())
            place = taken[name] = taken.get(name, 0) + 1
            if place <= len(fields):
                pieces.append(fields[-place])
        pieces.append(self._own)
        return pieces
