"""Words by which mails speak of the files that come with them; ``attachment_words.toml`` names their sources."""

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError

_BETWEEN_MARKS = re.compile(r"<<[^<>]{1,150}>>")
"""How Outlook writes the name of a file into a text: other programs write ``<<`` alone."""


class Inline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What says that a phrase speaks of the text itself."""

    behind: tuple[str, ...]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How names of files end."""

    endings: tuple[str, ...]


class AttachmentWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table; every word is lower case."""

    source: str
    edition: str
    licence: str
    pieces: tuple[str, ...]
    """A text that has none of them speaks of no file."""
    phrases: dict[str, tuple[str, ...]]
    """Language to what says that a file comes with the mail."""
    inline: Inline
    noted: dict[str, tuple[str, ...]]
    """What a program writes before and behind the name of a file; ``labels``: words that may stand before the name."""
    names: Names


@cache
def attachment_words() -> AttachmentWords:
    """Return the table.

    Raises:
        KnowledgeError: it is invalid.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("attachment_words.toml").read_text(encoding="utf-8"))
    try:
        words = msgspec.convert(raw, AttachmentWords)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"attachment_words.toml: {error}") from error
    for phrase in (phrase for phrases in words.phrases.values() for phrase in phrases):
        if not any(piece in phrase for piece in words.pieces):
            raise KnowledgeError(f"attachment_words.toml: no piece leads to {phrase!r}")
    return words


@cache
def _pieces() -> tuple[tuple[str, ...], tuple[str, ...]]:
    pieces = attachment_words().pieces
    return tuple([piece for piece in pieces if piece.isascii()]), pieces


def may_speak_of_files(text: str) -> bool:
    """Whether a text may say that a file comes with it: nearly all mails say nothing of the kind."""
    small = text.lower()
    if any(piece in small for piece in _pieces()[0 if small.isascii() else 1]):
        return True
    return "<<" in small and _BETWEEN_MARKS.search(small) is not None
