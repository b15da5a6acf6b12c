"""What every form of key file is read into, and what several of them need."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import dns.exception
from dns.tokenizer import Token, Tokenizer

from forensics.authenticity.key_records import read_record

_LABEL = "._domainkey."
_QUOTED = 60
_SECONDS_END = 1 << 36
"""Numbers from here on count milliseconds: as seconds they would be after the year 4100."""


class Entry(NamedTuple):
    """A key record as a file has it."""

    at: str
    """Where it stands: ``line 12``, ``entry 3``."""
    domain: str
    selector: str
    record: bytes
    first_seen: object = None
    """As written: text, a number, or nothing."""
    last_seen: object = None


class Refused(NamedTuple):
    """What should hold a key record, and from which none could be taken."""

    at: str
    code: str
    """Of a notice."""
    text: str


class Other(NamedTuple):
    """A record of another type or name, which nobody expects to hold a key."""

    at: str


Read = Entry | Refused | Other


def split_name(name: str) -> tuple[str, str]:
    """Return selector and domain of ``<selector>._domainkey.<domain>``; two empty texts for another name."""
    whole = name.strip().rstrip(".")
    at = whole.lower().find(_LABEL)
    return (whole[:at], whole[at + len(_LABEL) :]) if at > 0 else ("", "")


def alias(at: str, name: str, target: str) -> Refused:
    """Return why an alias gives no key."""
    text = f"{quoted(name)} is an alias (CNAME) of {quoted(target)}, which is not followed: give the TXT record"
    return Refused(at, "keys.alias", text)


def quoted(text: object) -> str:
    """Return the beginning of a text in quotes, ASCII alone."""
    written = str(text)
    return ascii(written[:_QUOTED] + ("..." if len(written) > _QUOTED else ""))


def txt(text: str) -> bytes:
    r"""Return the bytes of a TXT record from its text: quoted strings are joined, ``\;`` is ``;``.

    Raises:
        ValueError: a string is not closed, or an escape is none.
    """
    if not text.lstrip().startswith('"'):
        return text.replace("\\;", ";").encode("utf-8", "replace")
    tokenizer = Tokenizer(text)
    strings = []
    try:
        while not (token := tokenizer.get()).is_eol_or_eof():
            strings.append(token)
        return joined(strings)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def joined(strings: Sequence[Token]) -> bytes:
    """Return the bytes of a TXT record from its strings."""
    return b"".join([token.unescape_to_bytes().value for token in strings])


def records(parts: list[bytes]) -> list[bytes]:
    """Return the records of a list that holds either one each, or the strings of one."""
    whole = b"".join(parts)
    return [whole] if len(parts) > 1 and usable(whole) and not all(map(usable, parts)) else parts


def usable(record: bytes) -> bool:
    """Whether a record holds a key, or says that it was revoked."""
    found = read_record(record)
    return found.revoked or found.rsa is not None or found.ed25519 is not None


def seconds(written: object) -> int | None:
    """Return a time as unix seconds; ``None`` where none is written.

    Args:
        written: a number of seconds or milliseconds, also as text; or ISO 8601, in UTC where it names no offset.

    Raises:
        ValueError: it is no time.
    """
    if written is None or written == "":
        return None
    text = str(written).strip()
    if isinstance(written, bool) or len(text) > 40:
        raise ValueError("no time")
    try:
        number = int(float(text)) if not text.isdecimal() else int(text)
    except (ValueError, OverflowError):
        moment = datetime.fromisoformat(text)
        number = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    if not 0 <= number < _SECONDS_END * 1000:
        raise ValueError("no time")
    return number if number < _SECONDS_END else number // 1000
