"""Tests the signed parts of one mail while its bytes are at hand; libraries are loaded where one needs them."""

from msgspec.structs import replace

from forensics.authenticity.carried_keys import SMIME, attached_keys, autocrypt, decoded
from forensics.errors import NotInstalled
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import Message
from forensics.model.signed_parts import PartOutcome, PartVerdict, SignedKind, SignedPart

LIBRARIES = ("pyhanko",)
"""Packages that verifying needs and that may be missing: whether they are there decides what is read."""
_ENCRYPTED = (SignedKind.SMIME_ENCRYPTED, SignedKind.PGP_ENCRYPTED)
MAX_TESTED = 20
"""Signed parts of one mail that are tested: each costs some ten milliseconds."""
MAX_BYTES = 64_000_000
"""Of one signed part and its signature, or of a file of keys, which are held in memory."""


def tested(message: Message, source: ByteSource | None) -> tuple[SignedPart, ...]:
    """Return a message's signed parts, each with its verdict.

    Args:
        message: what was read.
        source: its bytes; ``None``: they are not at hand.
    """
    return tuple(
        [
            replace(part, verdict=_verdict(part, message, source, place))
            for place, part in enumerate(message.signed_parts)
        ]
    )


def _verdict(part: SignedPart, message: Message, source: ByteSource | None, place: int) -> PartVerdict:
    if part.kind in _ENCRYPTED:
        return PartVerdict(outcome=PartOutcome.ENCRYPTED)
    ends = [end for locator in (part.signed, part.signature) for _, end in locator.ranges]
    if source is None or message.breaks_off or max(ends) > source.size:
        return PartVerdict(outcome=PartOutcome.UNTESTED, reason="not all of the mail is at hand")
    if _size(part.signed) + _size(part.signature) > MAX_BYTES:
        return PartVerdict(outcome=PartOutcome.UNTESTED, reason="too large to be tested in memory")
    if place >= MAX_TESTED:
        return PartVerdict(outcome=PartOutcome.UNTESTED, reason="more signed parts than are tested")
    try:
        return _of_smime(part, message, source) if part.kind in SMIME else _of_pgp(part, message, source)
    except NotInstalled as missing:
        return PartVerdict(outcome=PartOutcome.UNTESTED, reason=str(missing))


def _of_smime(part: SignedPart, message: Message, source: ByteSource) -> PartVerdict:
    from forensics.authenticity import smime

    content = source.read(*part.signed.ranges[0]) if part.kind is SignedKind.SMIME else None
    return smime.verify(content, decoded(source, part.signature, part.decoder), _sent(message))


def _of_pgp(part: SignedPart, message: Message, source: ByteSource) -> PartVerdict:
    from forensics.authenticity import openpgp

    keys = openpgp.keys_of_mail(attached_keys(message, source), autocrypt(message))
    if part.kind is SignedKind.PGP_MIME:
        signature = decoded(source, part.signature, part.decoder)
        return openpgp.verify(source.read(*part.signed.ranges[0]), signature, keys)
    whole = Locator(ranges=((part.signed.ranges[0][0], part.signature.ranges[0][1]),))
    return openpgp.verify_cleartext(decoded(source, whole, part.decoder), keys)


def _size(place: Locator) -> int:
    return sum([end - start for start, end in place.ranges])


def _sent(message: Message) -> int | None:
    """Return the mail's own time, unix seconds: its Date, else when it arrived."""
    times = [message.date, *[time for _, time, _ in message.stamped]]
    instants = [time.instant for time in times if isinstance(time, Timestamp) and isinstance(time.instant, int)]
    return instants[0] // TICKS_PER_SECOND if instants else None
