"""Zone text: records as a name server's file or ``dig`` writes them.

Source: RFC 1035 5.1, RFC 2308 4. Strings longer than 255 bytes are taken, since many write a key as one; a name that
does not end in a dot is taken whole where no ``$ORIGIN`` was said and it holds ``._domainkey.``. Names are never looked
up.
"""

import re
from collections.abc import Iterator, Sequence

import dns.exception
from dns.tokenizer import Token, Tokenizer

from forensics.authenticity.key_files.entries import Entry, Other, Read, Refused, alias, joined, quoted, split_name

FORM = "zone"
_RECORD = re.compile(r"(?:^|\s)(?:TXT|CNAME)\s", re.IGNORECASE)
_TTL = re.compile(r"[0-9]{1,10}(?:[smhdw][0-9]{0,10}){0,8}", re.IGNORECASE)
_CLASSES = ("IN", "CH", "HS")
_MOST_LINES = 20
"""A record whose parenthesis is not closed by then is no record: a key of 4,096 bits takes 12 lines of 64."""
_KEY_FOR = re.compile(r"DKIM key \S{1,63} for (\S{1,253})")
"""Comment that ``opendkim-genkey`` writes behind a name relative to no origin."""


def fits(name: str, text: str) -> bool:
    """Whether a text can be of this form."""
    return "_domainkey" in text.lower() and _RECORD.search(text) is not None


def read(name: str, text: str) -> Iterator[Read]:
    """Yield what each record gives."""
    lines = text.split("\n")
    zone = _Zone()
    number = 0
    while number < len(lines):
        at, used = f"line {number + 1}", 1
        try:
            tokens, comment, used = _tokens(lines, number)
            yield from zone.read(at, tokens, comment)
        except (dns.exception.DNSException, UnicodeError) as error:
            yield Refused(at, "keys.entry", f"{quoted(lines[number])} is no record: {error or type(error).__name__}")
        number += used


def _tokens(lines: Sequence[str], number: int) -> tuple[list[Token], str, int]:
    """Return the tokens of the record that begins in a line, its last comment, and how many lines it takes."""
    most = lines[number : number + (_MOST_LINES if "(" in lines[number] else 1)]
    if not any(")" in line for line in most):
        most = most[:1]
    tokenizer = Tokenizer("\n".join(most) + "\n")
    found: list[Token] = []
    while not (token := tokenizer.get(want_leading=not found)).is_eol_or_eof():
        found.append(token)
    return found, token.comment or "", max(1, tokenizer.where()[1] - 1)


class _Zone:
    """The names that records are relative to."""

    def __init__(self) -> None:
        self._origin = ""
        self._owner = ""

    def read(self, at: str, tokens: list[Token], comment: str) -> Iterator[Read]:
        """Yield what one record gives; nothing for an empty line."""
        words = [token.value for token in tokens if not token.is_whitespace()]
        if not words:
            return
        if words[0].startswith("$") and tokens[0].is_identifier():
            yield from self._directive(at, words)
            return
        if not tokens[0].is_whitespace():
            self._owner = self._absolute(words.pop(0), comment)
        kind, data = _typed(words)
        selector, domain = split_name(self._owner)
        if kind not in ("TXT", "CNAME") or "_domainkey" not in self._owner.lower() or self._owner.startswith("_"):
            yield Other(at)
        elif not domain:
            text = f"{quoted(self._owner)} is relative to an origin that the file does not name"
            yield Refused(at, "keys.name", text)
        elif kind == "CNAME":
            yield alias(at, self._owner, " ".join(data))
        else:
            yield Entry(at, domain, selector, joined(tokens[len(tokens) - len(data) :]))

    def _directive(self, at: str, words: list[str]) -> Iterator[Read]:
        if words[0].upper() == "$ORIGIN" and len(words) > 1:
            self._origin = self._absolute(words[1], "").strip(".")
        elif words[0].upper() != "$TTL":
            yield Refused(at, "keys.entry", f"{quoted(' '.join(words))}: only $ORIGIN and $TTL are followed")

    def _absolute(self, name: str, comment: str) -> str:
        if name.endswith("."):
            return name.rstrip(".")
        if name == "@":
            return self._origin
        origin = self._origin
        if not origin and (said := _KEY_FOR.search(comment)):
            origin = said[1].strip(".")
        return f"{name}.{origin}" if origin else name


def _typed(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return type and data of a record, behind time to live and class in either order."""
    for place, word in enumerate(words[:3]):
        if word.upper() not in _CLASSES and not _TTL.fullmatch(word):
            return word.upper(), words[place + 1 :]
    return "", ()
