"""A digest of a mail's letters: what is equal in copies that were marked for their readers.

Marks hide in spaces, line ends, signs, links, unseen characters and letters that look alike; none of these counts here.

Source: knowledge base I-11; files.md on marks for recipients.
"""

import hashlib
import re

from forensics.knowledge.confusables import LOOKALIKES
from forensics.parsers.mail.bodies import Bodies, Body

LEAST_BYTES = 200
"""Letters below which two texts are alike by chance."""
_LINK_BYTES, _LINK = re.compile(rb"https?://[^\s<>\")\]]+"), re.compile(r"https?://[^\s<>\")\]]+")
_SIGNS = re.compile(r"[\W_]+")
_NO_LETTER = bytes([byte for byte in range(128) if not chr(byte).isalnum()])


def letters_digest(bodies: Bodies) -> str:
    """Return the SHA-256 of the letters and digits of a message's texts, small; empty where there are few.

    Where a message has text and HTML, the text alone counts.
    """
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    found = b"".join([_letters(body) for body in plain or bodies.shown])
    return hashlib.sha256(found).hexdigest() if len(found) >= LEAST_BYTES else ""


def _letters(body: Body) -> bytes:
    if body.part.media_type != "text/html" and body.part.decoder == "copy/1" and body.raw.isascii():
        raw = _LINK_BYTES.sub(b"", body.raw) if b"://" in body.raw else body.raw
        return raw.translate(None, _NO_LETTER).lower()
    text = body.text
    if body.part.media_type == "text/html":
        text = body.html.body.text() if body.html.body is not None else ""
    return _SIGNS.sub("", _LINK.sub("", text).translate(LOOKALIKES)).lower().encode("utf-8", "replace")
