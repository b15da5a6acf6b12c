"""Fields that may stand once and stand more often: each further value, and which of them a signature covers.

A program shows one of them, mostly the topmost. A DKIM signature covers the lowest (RFC 6376 5.4.2), so that a field
put on top of a signed mail hides the signed one and leaves the signature whole.

Source: RFC 5322 3.6, RFC 6376 8.15.
"""

from collections.abc import Iterator, Sequence

from forensics.model.authentication import Signature
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField
from forensics.parsers.mail.words import decode_text

SINGLE = frozenset(
    (
        "date",
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "message-id",
        "in-reply-to",
        "references",
        "subject",
    )
)
"""RFC 5322 3.6: at most one of each."""
MAX_NOTICES = 20
"""Fields of one name that are told one by one."""
_SHOWN = 200


def repeated_notices(same: Sequence[HeaderField], signatures: Sequence[Signature], charset: str) -> Iterator[Notice]:
    """Yield a notice for each field of a name below the topmost, the signed one before others.

    Args:
        same: fields of one name, which is to stand once.
        signatures: of the message.
        charset: asked for raw 8-bit text.
    """
    top = decode_text(same[0].body[: 4 * _SHOWN], charset)[:_SHOWN]
    covered = _covered(len(same), same[0].key, signatures)
    order = sorted(range(1, len(same)), key=lambda place: (place not in covered, place))
    above = f"signature of {covered[0]} covers it" if 0 in covered else "no signature covers it" if covered else ""
    for place in order[:MAX_NOTICES]:
        field = same[place]
        value = decode_text(field.body[: 4 * _SHOWN], charset)[:_SHOWN]
        signed = f"; a signature of {covered[place]} covers this one" if place in covered else ""
        text = f"{field.name} stands {len(same)} times; here: {value!r}{signed}; topmost: {top!r}"
        if above:
            text += f", {above}"
        yield _notice(text, field)
    if len(order) > MAX_NOTICES:
        yield _notice(f"{same[0].name} stands {len(same)} times; {MAX_NOTICES} are told one by one", same[-1])


def _notice(text: str, field: HeaderField) -> Notice:
    return Notice(code="mail.field_repeated", text=text, locator=Locator(ranges=((field.start, field.end),)))


def _covered(count: int, key: str, signatures: Sequence[Signature]) -> dict[int, str]:
    """Return who signs which of *count* fields of a name, 0 = topmost: a name in ``h=`` takes the lowest left."""
    signed: dict[int, str] = {}
    for signature in signatures:
        if signature.kind == "dkim":
            for place in range(count - signature.signed_fields.count(key), count):
                if place >= 0:
                    signed.setdefault(place, signature.domain[:100])
    return signed
