"""The keys of authors that a mail carries: attached, in its Autocrypt field, or in its S/MIME signatures.

They may serve other mails of the same signer that carry none. Whose they are, nothing in the mail proves.
"""

from collections.abc import Iterator
from itertools import islice

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator
from forensics.model.mail import PGP_KEYS, Message, MimePart
from forensics.model.signed_parts import SignedKind
from forensics.model.signer_keys import SignerKey
from forensics.replay import decoders

SMIME = (SignedKind.SMIME, SignedKind.SMIME_OPAQUE)
_MOST_KEYS = 100
"""Of one mail."""
_MOST_PARTS = 20
_LONGEST = 1_000_000
"""Bytes of an attached key block, or of a signature."""


def carried_keys(message: Message, source: ByteSource) -> tuple[SignerKey, ...]:
    """Return the keys and the certificates of signers that a mail carries, each once."""
    from forensics.authenticity import openpgp
    from forensics.authenticity.certificates import signer_key

    found: dict[str, SignerKey] = {}
    for key in openpgp.keys_of_mail(attached_keys(message, source), autocrypt(message)):
        found.setdefault(key.fingerprint, openpgp.signer_key(key))
    for encoded in _certificates(message, source):
        try:
            read = signer_key(encoded)
        except ValueError:
            continue
        if read is not None:
            found.setdefault(read.key, read)
    return tuple(islice(found.values(), _MOST_KEYS))


def attached_keys(message: Message, source: ByteSource) -> Iterator[bytes]:
    """Yield the decoded parts that hold OpenPGP keys."""
    leaves = [leaf for leaf in message.parts if leaf.media_type == PGP_KEYS and isinstance(leaf, MimePart)]
    for leaf in leaves[:_MOST_PARTS]:
        if leaf.locator.ranges and _is_at_hand(source, leaf.locator):
            yield decoded(source, leaf.locator, leaf.decoder)


def autocrypt(message: Message) -> list[bytes]:
    """Return the bodies of the Autocrypt fields."""
    return [field.body for field in message.by_key.get("autocrypt", ())[:_MOST_PARTS]]


def decoded(source: ByteSource, place: Locator, decoder: str) -> bytes:
    """Return what a place of a mail holds."""
    raw = source.read(*place.ranges[0])
    return raw if decoder == "copy/1" else decoders.DECODERS[decoder].whole(raw)


def _certificates(message: Message, source: ByteSource) -> Iterator[bytes]:
    from forensics.authenticity.certificates import bundled

    parts = [part for part in message.signed_parts if part.kind in SMIME and part.signature.ranges]
    for part in parts[:_MOST_PARTS]:
        if _is_at_hand(source, part.signature):
            try:
                yield from bundled(decoded(source, part.signature, part.decoder))
            except (ValueError, Malformed):
                continue


def _is_at_hand(source: ByteSource, place: Locator) -> bool:
    start, end = place.ranges[0]
    return end <= source.size and end - start <= _LONGEST
