"""Signs mails: DKIM (RFC 6376) and ARC (RFC 8617), rsa-sha256, relaxed in header and body."""

import re
import textwrap
from collections.abc import Sequence

from samples.planting.bodyhash import body_hash
from samples.planting.keys import SigningKey
from samples.planting.mail import Mail

SIGNED = (
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
_ARC = ("ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal")


def present(mail: Mail) -> list[str]:
    """Return the fields that a signer names: those of `SIGNED` that the mail has."""
    return [name for name in SIGNED if mail.all(name)]


def sign(mail: Mail, key: SigningKey, at: int, names: Sequence[str], length: int | None = None) -> None:
    """Add a DKIM-Signature above From.

    Args:
        mail: is changed.
        key: of the signer.
        at: time of signing, unix seconds.
        names: signed fields as ``h=`` names them; one that is named more often than it occurs is over-signed.
        length: ``l=``, bytes of the body as it is hashed; ``None``: all of it, without the tag.
    """
    covered = "" if length is None else f" l={length};"
    value = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain}; s={key.selector}; t={at};{covered} "
        f"h={':'.join(names)}; bh={body_hash(mail.body, length=length)}; b="
    )
    _add(mail, "DKIM-Signature", value, key.sign(_covered(mail, names, "DKIM-Signature", value)), before="From")


def seal(mail: Mail, key: SigningKey, at: int, names: Sequence[str], verdict: str) -> None:
    """Add the next ARC set on top; a seal of ``cv=fail`` signs its own set alone (RFC 8617 5.1.1)."""
    instance = len(mail.all("ARC-Seal")) + 1
    results = f"i={instance}; mx.{key.domain}; arc={verdict}"
    value = (
        f"i={instance}; a=rsa-sha256; c=relaxed/relaxed; d={key.domain}; s={key.selector}; t={at}; "
        f"h={':'.join(names)}; bh={body_hash(mail.body)}; b="
    )
    signature = key.sign(_covered(mail, names, "ARC-Message-Signature", value))
    mail.add("ARC-Authentication-Results", results, top=True)
    _add(mail, "ARC-Message-Signature", value, signature)
    own = f"i={instance}; a=rsa-sha256; t={at}; cv={verdict}; d={key.domain}; s={key.selector}; b="
    _add(mail, "ARC-Seal", own, key.sign(_sealed(mail, 1 if verdict == "fail" else instance) + _last("ARC-Seal", own)))


def _sealed(mail: Mail, count: int) -> bytes:
    """Return the newest ARC sets, oldest first; sets stand newest first, and the newest has no seal yet."""
    results, signatures, seals = [[field.raw for field in mail.all(name)] for name in _ARC]
    sets = zip(results, signatures, [b"", *seals], strict=True)
    return b"".join([_relaxed(raw) for one in list(sets)[:count][::-1] for raw in one if raw])


def _covered(mail: Mail, names: Sequence[str], name: str, value: str) -> bytes:
    """Return what is signed: the fields as named, each from the bottom up, and the signature without its ``b=``."""
    left = {wanted: [field.raw for field in mail.all(wanted)] for wanted in names}
    fields = [_relaxed(left[wanted].pop()) for wanted in names if left[wanted]]
    return b"".join(fields) + _last(name, value)


def _last(name: str, value: str) -> bytes:
    return _relaxed(f"{name}: {value}".encode()).removesuffix(b"\r\n")


def _relaxed(raw: bytes) -> bytes:
    """Return a field in relaxed form (RFC 6376 3.4.2)."""
    name, _, body = raw.partition(b":")
    body = re.sub(rb"[ \t]+", b" ", re.sub(rb"\r?\n(?=[ \t])", b"", body).rstrip(b"\r\n"))
    return name.strip(b" \t").lower() + b":" + body.strip(b" ") + b"\r\n"


def _add(mail: Mail, name: str, value: str, signature: str, before: str = "") -> None:
    mail.add(name, value + " ".join(textwrap.wrap(signature, 64)), before=before, top=not before)
