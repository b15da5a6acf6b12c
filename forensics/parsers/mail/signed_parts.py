"""What the author of a mail signed or encrypted with S/MIME or OpenPGP: which bytes, and what a reader sees beside it.

Nothing is verified here (`forensics.authenticity.signed_parts` does that); what is encrypted is named, not read.

Source: RFC 1847, RFC 8551 3, RFC 3156 5, RFC 9580 7.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.model.signed_parts import SignedKind, SignedPart
from forensics.parsers.mail.parameters import Value, parse_value
from forensics.replay import decoders

MAX_BLOCKS = 20
"""OpenPGP blocks of one text that are read."""
MAX_PARTS = 100
"""Signed parts of one mail that are read."""
MAX_OUTSIDE = 20
"""Texts beside a signed part that are named."""
_PGP = "application/pgp-signature"
_CMS = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TYPES = frozenset((_PGP, *_CMS, *_OPAQUE, "application/pgp-encrypted"))
_MARK = b"-----BEGIN PGP "
_CLEARTEXT = b"-----BEGIN PGP SIGNED MESSAGE-----"
_MESSAGE = b"-----BEGIN PGP MESSAGE-----"
_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_ENDS = {_CLEARTEXT: b"-----END PGP SIGNATURE-----", _MESSAGE: b"-----END PGP MESSAGE-----"}
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""The content type of CMS SignedData (RFC 5652 5.1), which is the first thing in it."""
_HEAD = 40
_LINE = re.compile(rb"[ \t\r\n]*+([!-~ ]{1,60})")


def read_signed_parts(
    root: MimePart, leaves: Sequence[MimePart], data: bytes, decoded: Mapping[int, bytes]
) -> tuple[SignedPart, ...]:
    """Return what is signed or encrypted in a message, in its order.

    Args:
        root: its MIME tree.
        leaves: of the tree.
        data: the message.
        decoded: by its first byte what each encoded text decodes to.
    """
    found: list[SignedPart] = []
    if not _TYPES.isdisjoint([leaf.media_type for leaf in leaves]):
        texts = [leaf for leaf in leaves if leaf.is_text and _says(leaf, data, decoded)]
        found += islice(_of_part(root, data, texts, 0), MAX_PARTS)
    if data.find(_MARK, root.body_start) >= 0 or (decoded and any(_MARK in text for text in decoded.values())):
        texts = [leaf for leaf in leaves if leaf.is_text and _says(leaf, data, decoded)]
        blocks = (block for leaf in texts for block in _inline(leaf, data, decoded, texts, root))
        found += islice(blocks, MAX_PARTS)
    return tuple(found)


def _says(leaf: MimePart, data: bytes, decoded: Mapping[int, bytes]) -> bool:
    """Whether anything stands in a text."""
    return bool(decoded.get(leaf.body_start, b"").strip() or data[leaf.body_start : leaf.end].strip())


def _of_part(part: MimePart, data: bytes, texts: Sequence[MimePart], depth: int) -> Iterator[SignedPart]:
    if part.media_type == "multipart/signed" and (signed := _detached(part, data, texts, depth)) is not None:
        yield signed
    elif part.media_type == "multipart/encrypted" and part.parts:
        yield _encrypted(part, data, texts, depth)
    elif part.media_type in _OPAQUE and not part.parts:
        yield _opaque(part, data, texts, depth)
    for child in part.parts:
        yield from _of_part(child, data, texts, depth + 1)


def _detached(part: MimePart, data: bytes, texts: Sequence[MimePart], depth: int) -> SignedPart | None:
    """Read a multipart/signed: its first part is what is signed, whatever a list put behind the signature."""
    beside = [child for child in part.parts[1:] if child.media_type == _PGP or child.media_type in _CMS]
    if not beside:
        return None
    signed, signature, claims = part.parts[0], beside[0], _claims(part)
    return SignedPart(
        kind=SignedKind.PGP_MIME if signature.media_type == _PGP else SignedKind.SMIME,
        number=part.number,
        depth=depth,
        protocol=claims.parameters.get("protocol", "").lower(),
        micalg=claims.parameters.get("micalg", "").lower(),
        signed=_locator(signed.start, signed.end, signed.number),
        signature=_locator(signature.body_start, signature.end, signature.number),
        decoder=signature.decoder,
        opening=_opening(data, signature.body_start, signature.end, signature.number),
        outside=_outside(signed.start, signed.end, texts),
    )


def _encrypted(part: MimePart, data: bytes, texts: Sequence[MimePart], depth: int) -> SignedPart:
    return SignedPart(
        kind=SignedKind.PGP_ENCRYPTED,
        number=part.number,
        depth=depth,
        protocol=_claims(part).parameters.get("protocol", "").lower(),
        signed=_locator(part.body_start, part.end, part.number),
        opening=_opening(data, part.body_start, part.end, part.number),
        outside=_outside(part.start, part.end, texts),
    )


def _opaque(part: MimePart, data: bytes, texts: Sequence[MimePart], depth: int) -> SignedPart:
    """Tell a leaf of CMS that holds what it signs from one that is encrypted by its own content type."""
    place = _locator(part.body_start, part.end, part.number)
    head = data[part.body_start : min(part.end, part.body_start + 4 * _HEAD)]
    if part.decoder != "copy/1":
        head = decoders.DECODERS[part.decoder].whole(head)
    is_signed = _SIGNED_DATA in head[:_HEAD]
    return SignedPart(
        kind=SignedKind.SMIME_OPAQUE if is_signed else SignedKind.SMIME_ENCRYPTED,
        number=part.number,
        depth=depth,
        protocol=part.media_type,
        signed=place,
        signature=place if is_signed else Locator(),
        decoder=part.decoder,
        opening=_opening(data, part.body_start, part.end, part.number),
        outside=_outside(part.start, part.end, texts),
    )


def _inline(
    leaf: MimePart, data: bytes, decoded: Mapping[int, bytes], texts: Sequence[MimePart], root: MimePart
) -> Iterator[SignedPart]:
    """Yield the OpenPGP blocks of a text; of an encoded one the first, at the place of the whole text."""
    copied = leaf.decoder == "copy/1"
    content = data[leaf.body_start : leaf.end] if copied else decoded.get(leaf.body_start, b"")
    at, others = 0, [text for text in texts if text is not leaf]
    for _ in range(MAX_BLOCKS if copied else 1):
        block = _block(content, at)
        if block is None:
            return
        start, mark, middle, end = block
        around = content[:start].strip() or content[end:].strip()
        outside = (leaf, *others) if around else others
        base = leaf.body_start
        is_signed = mark == _CLEARTEXT
        signed, signature = ((start, middle), (middle, end)) if copied else ((0, leaf.end - base),) * 2
        yield SignedPart(
            kind=SignedKind.PGP_INLINE if is_signed else SignedKind.PGP_ENCRYPTED,
            number=leaf.number,
            depth=_depth(root, leaf),
            signed=_locator(base + signed[0], base + signed[1], leaf.number),
            signature=_locator(base + signature[0], base + signature[1], leaf.number) if is_signed else Locator(),
            decoder=leaf.decoder,
            opening=_opening(data, base + (signature[0] if is_signed else signed[0]), leaf.end, leaf.number),
            outside=tuple(sorted([text.number or "1" for text in outside[:MAX_OUTSIDE]])),
        )
        at = end


def _block(content: bytes, at: int) -> tuple[int, bytes, int, int] | None:
    """Return the next whole block: its first byte, its first line, where its signature begins, and its end.

    What is encrypted has no signature: it begins at the end.
    """
    endless: set[bytes] = set()
    while (start := content.find(_MARK, at)) >= 0:
        at = start + len(_MARK)
        mark = next((one for one in _ENDS if content.startswith(one, start)), None)
        if mark is None or mark in endless or (start > 0 and content[start - 1] not in b"\r\n"):
            continue
        last = content.find(b"\n" + _ENDS[mark], at)
        if last < 0:
            endless.add(mark)  # nor does any later one end: what is searched once is not searched again
            continue
        end = last + 1 + len(_ENDS[mark])
        middle = content.find(b"\n" + _SIGNATURE, at, last) + 1 if mark == _CLEARTEXT else end
        if middle > 0:
            return start, mark, middle, end
        at = last
    return None


def _depth(root: MimePart, leaf: MimePart) -> int:
    return leaf.number.count(".") + 1 if leaf is not root else 0


def _claims(part: MimePart) -> Value:
    field = part.first("content-type")
    return parse_value(field.body if field is not None else b"")


def _outside(start: int, end: int, texts: Sequence[MimePart]) -> tuple[str, ...]:
    beside = (text.number or "1" for text in texts if not start <= text.body_start < end)
    return tuple(islice(beside, MAX_OUTSIDE))


def _opening(data: bytes, start: int, end: int, number: str) -> Located:
    """Return the first line that says anything, at most its first bytes."""
    found = _LINE.match(data, start, end)
    if found is None:
        return ABSENT
    text, (first, last) = found[1], found.span(1)
    return Located(text.decode("ascii", "replace"), text, _locator(first, last, number))


def _locator(start: int, end: int, number: str) -> Locator:
    return Locator(ranges=((start, end),), path=f"part:{number or '1'}")
