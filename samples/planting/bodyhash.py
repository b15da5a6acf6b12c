"""Whether a DKIM body hash still fits (RFC 6376 3.4, 3.7): tells if a change of the body can be seen from the mail."""

import base64
import hashlib
import re

from samples.planting.mail import Mail


def holds(mail: Mail) -> bool:
    """Return whether any signature's body hash is that of the body."""
    return any(_holds(field.value, mail.body) for field in mail.all("DKIM-Signature"))


def tags(value: str) -> dict[str, str]:
    """Return the tags of a signature; blanks inside values are no part of them."""
    pairs = [piece.partition("=") for piece in value.split(";")]
    return {name.strip(): re.sub(r"\s", "", body) for name, _, body in pairs}


def body_hash(body: bytes, form: str = "relaxed", length: int | None = None, method: str = "sha256") -> str:
    """Return the base64 hash of a body in ``simple`` or ``relaxed`` form, of its first *length* bytes where given."""
    return base64.b64encode(hashlib.new(method, canonical(body, form)[:length]).digest()).decode()


def canonical(body: bytes, form: str = "relaxed") -> bytes:
    """Return the bytes of a body that are hashed, which is what ``l=`` counts."""
    data = re.sub(rb"(?<!\r)\n", b"\r\n", body)
    if form == "relaxed":
        data = re.sub(rb" (?=\r\n|\Z)", b"", re.sub(rb"[ \t]+", b" ", data))
    data = re.sub(rb"(?:\r\n)*\Z", b"", data, count=1)
    return data + b"\r\n" if data or form == "simple" else data


def _holds(value: str, body: bytes) -> bool:
    found = tags(value)
    form = found.get("c", "simple/simple").partition("/")[2] or "simple"
    length = int(found["l"]) if found.get("l", "").isdigit() else None
    method = "sha1" if found.get("a", "").endswith("sha1") else "sha256"
    return bool(found.get("bh")) and body_hash(body, form, length, method) == found["bh"]
