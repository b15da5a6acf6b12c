"""Words by which mails speak of the files that come with them; ``attachment_words.toml`` names their sources."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError

_RARE = "jz"
"""Letters that texts of most languages have seldom."""
_NEAR = 100
"""Characters on each side of a piece in which its phrase stands, unless blanks part its words."""
_BETWEEN_MARKS = re.compile(r"<(?:<[^<>]{1,150}>>)")
"""How Outlook writes the name of a file into a text: other programs write ``<<`` alone."""


class Inline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What says that a phrase speaks of the text itself."""

    behind: tuple[str, ...]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How names of files end."""

    endings: tuple[str, ...]


class StatedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a file beside its name."""

    pages: tuple[str, ...]
    slides: tuple[str, ...]
    thousands: tuple[str, ...]
    """Units of 1000 or 1024 bytes."""
    millions: tuple[str, ...]
    bytes: tuple[str, ...]
    about: tuple[str, ...]
    """Words for an estimate."""
    part: tuple[str, ...]
    """By these a count is one of a part of a file, or of another file."""


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
    stated: StatedWords


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
def _pieces(*, ascii_only: bool) -> tuple[re.Pattern[str], ...]:
    """Return what finds a piece: a pattern for each rare letter, or two first ones, by which several are found fast."""
    pieces = [piece for piece in attachment_words().pieces if piece.isascii() or not ascii_only]
    groups: dict[str, list[str]] = {}
    for piece in pieces:
        groups.setdefault(next((letter for letter in _RARE if letter in piece), piece[:2]), []).append(piece)
    return tuple([re.compile(_through(begun, found)) for begun, found in groups.items()])


def _through(letters: str, pieces: Sequence[str]) -> str:
    """Return the pattern of pieces that is sought by the letters that they share."""
    parted = [piece.partition(letters) for piece in pieces]
    if len(pieces) == 1 and len(letters) > 1:
        return pieces[0]
    return letters + "(?:" + "|".join([f"(?<={before}{letters}){behind}" for before, _, behind in parted]) + ")"


@cache
def _phrases() -> tuple[tuple[str, ...], int]:
    """Return all phrases, and how long the longest is."""
    phrases = tuple([phrase for phrases in attachment_words().phrases.values() for phrase in phrases])
    return phrases, max(map(len, phrases))


def pieces_in(small: str) -> list[int]:
    """Return a place in each piece that a text in lower case has; each phrase has a piece, and so has such a place."""
    patterns = _pieces(ascii_only=small.isascii())
    return [found.start() for pattern in patterns for found in pattern.finditer(small)]


def may_speak_of_files(text: str) -> bool:
    """Whether a text may say that a file comes with it: nearly all mails say nothing of the kind."""
    small = text.lower()
    if places := pieces_in(small):
        written = "\n".join([" ".join(words.split()) for words in _around(small, places)])
        if any(phrase in written for phrase in _phrases()[0]):
            return True
    return _BETWEEN_MARKS.search(small) is not None


def _around(small: str, places: Sequence[int]) -> list[str]:
    """Return the text around places, as far as any phrase can reach; all of it where that is as much, or too blank."""
    if len(places) * 2 * _NEAR >= len(small):
        return [small]
    longest, around = _phrases()[1], []
    for at in places:
        start, end = max(0, at - _NEAR), at + _NEAR
        before, behind = small[start:at], small[at:end]
        if (start and _letters(before) < longest) or (end < len(small) and _letters(behind) < longest):
            return [small]
        around.append(before + behind)
    return around


def _letters(text: str) -> int:
    return sum(map(len, text.split()))
