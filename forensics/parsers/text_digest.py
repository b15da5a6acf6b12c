"""What tells copies of a text, whatever it stands in: its words counted, the digest of its letters, its sketch."""

import hashlib

from forensics.model.documents import DocumentText
from forensics.parsers.mail.sketch import SIZE, sketch
from forensics.parsers.mail.texts import letters_of

LEAST_WORDS = 20
"""Fewer make no digest: labels and empty forms are alike."""

__all__ = ["LEAST_WORDS", "SIZE", "text_digest"]


def text_digest(said: str) -> DocumentText:
    """Return what tells copies of a text that was read to its end."""
    words = said.encode("utf-8", "replace").decode().split()  # half surrogate pairs are no UTF-8
    if len(words) < LEAST_WORDS:
        return DocumentText(words=len(words))
    text = " ".join(words)
    letters = letters_of(text)
    return DocumentText(
        words=len(words),
        letters_sha256=hashlib.sha256(letters).hexdigest(),
        words_sha256=hashlib.sha256(text.encode()).hexdigest(),
        sketch=sketch(letters),
    )
