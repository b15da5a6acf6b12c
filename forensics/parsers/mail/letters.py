"""A digest of a mail's letters: what is equal in copies that were marked for their readers.

Marks hide in spaces, line ends, signs, links, unseen characters and letters that look alike; none of these counts here.

Source: knowledge base I-11; files.md on marks for recipients.
"""

import hashlib
import re

from forensics.knowledge.confusables import LOOKALIKES
from forensics.parsers.mail.bodies import MAX_BYTES, Bodies, Body

LEAST_BYTES = 200
"""Letters below which two texts are alike by chance."""
_LINK = re.compile(rb"https?://[^\s<>\")\]]+")
_NO_LETTER = bytes([byte for byte in range(128) if not chr(byte).isalnum()])
_SIGNS = re.compile(rb"\xc2[\x80-\xbf]|\xe2[\x80\x81][\x80-\xbf]|\xe3\x80[\x80-\xbf]|\xef\xbb\xbf")
"""Signs, spaces and unseen characters beyond ASCII, in UTF-8: U+0080 to U+00BF, U+2000 to U+207F, U+3000 to U+303F and
the byte order mark."""
_ALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f]")


def letters_digest(bodies: Bodies) -> str:
    """Return the SHA-256 of the letters and digits of a message's texts, small; empty where there are few.

    Where a message has text and HTML, the text alone counts. A text that is read in part gives none: what is equal so
    far may differ beyond.
    """
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    counted = plain or bodies.shown
    if any(body.part.end - body.part.body_start > MAX_BYTES for body in counted):
        return ""
    found = b"".join([_letters(bodies, body) for body in counted])
    return hashlib.sha256(found).hexdigest() if len(found) >= LEAST_BYTES else ""


def _letters(bodies: Bodies, body: Body) -> bytes:
    if body.part.media_type != "text/html" and body.part.decoder == "copy/1" and body.raw.isascii():
        raw = body.raw
    else:
        text = body.text
        if body.part.media_type == "text/html":
            text = " ".join([tree.body.text() for tree in bodies.trees(body) if tree.body is not None])
        raw = (text.translate(LOOKALIKES) if _ALIKE.search(text) else text).encode("utf-8", "replace")
        raw = raw if raw.isascii() else _SIGNS.sub(b"", raw)
    if b"://" in raw:
        raw = _LINK.sub(b"", raw)
    return raw.translate(None, _NO_LETTER).lower()
