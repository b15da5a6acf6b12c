"""Address fields, read tolerantly: groups, comments, quoted strings, obsolete routes, UTF-8, and what is none of these.

Source: RFC 5322 3.4 and 4.4, RFC 6532.
"""

import re
from functools import lru_cache

import msgspec

from forensics.parsers.mail.comments import without_comments
from forensics.parsers.mail.words import decode_raw, decode_text

MAX_BYTES = 1_000_000
"""Bytes of one field body that are interpreted."""


class Mailbox(msgspec.Struct, frozen=True, gc=False):
    """One mailbox of an address list; offsets are in the field body."""

    name: str
    address: str
    domain: str
    group: str
    start: int
    end: int


_TOKEN = re.compile(
    rb"\"(?:[^\"\\]++|\\.)*+(?:\"|\Z)"  # quoted string
    rb"|\((?:[^()\\]++|\\.)*+\)"  # comment without nesting
    rb"|<[^<>\"]*+(?:\"(?:[^\"\\]++|\\.)*+\"[^<>\"]*+)*+>"  # angle address
    rb"|[,;:()<>\[\"]"
    rb"|\s++"
    rb"|[^,;:()<>\[\"\s]++",
    re.DOTALL,
)
_ADDRESS = rb"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@[A-Za-z0-9.-]++)"
_ITEM = re.compile(
    rb"\s*+(?:(?:\"([^\"\\=\r\n\x80-\xff]*+)\"|([A-Za-z0-9][A-Za-z0-9 .'_-]*+))?\s*+<"
    + _ADDRESS
    + rb">|"
    + _ADDRESS
    + rb")\s*+(?:,|\Z)"
)
"""The plain form of one mailbox, which is nearly all of them."""
_QUOTED = re.compile(rb"\"((?:[^\"\\]++|\\.)*+)\"?", re.DOTALL)
_ROUTE = re.compile(rb"\s*@[^:<>]*:")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"(?=.{{3,200}}\Z){_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)*{_LABEL}", re.DOTALL)
"""What email-validator, 60 ms to import, accepts anyway unless ``--`` stands in it: nearly all addresses."""


@lru_cache(8192)
def parse_addresses(raw: bytes) -> tuple[Mailbox, ...]:
    """Read an address list, mailbox list or single address.

    Args:
        raw: the field body, folding included; at most `MAX_BYTES` of it are read.

    Returns:
        Mailboxes in order. A text that holds no address is one mailbox with a name only.
    """
    raw = raw[:MAX_BYTES]
    found: list[Mailbox] = []
    position, size = 0, len(raw)
    while position < size:
        item = _ITEM.match(raw, position)
        if item is None:
            found += _Reader(raw, position).read()
            break
        quoted, name, address, bare = item.groups()
        if bare is not None:
            found.append(_mailbox("", bare, "", item.start(4), item.end(4)))
        else:
            start = item.start(3) - 1 if quoted is None and name is None else item.start(2 if quoted is None else 1)
            text = quoted if quoted is not None else (name or b"").rstrip()
            found.append(_mailbox(text.decode("ascii"), address, "", start - (quoted is not None), item.end(3) + 1))
        position = item.end()
    return tuple(found)


def is_valid(address: str) -> bool:
    """Whether email-validator accepts the syntax; no lookup, special-use domains allowed."""
    if _PLAIN.fullmatch(address) is not None and "--" not in address:
        return True
    return "@" in address and len(address) <= 1000 and _is_valid(address)


@lru_cache(65_536)
def _is_valid(address: str) -> bool:
    import email_validator  # costs 60 ms at import

    special = address.rpartition(".")[2].rpartition("@")[2].lower() in email_validator.SPECIAL_USE_DOMAIN_NAMES
    try:
        email_validator.validate_email(
            address + ".example" if special else address,  # mail within a house: x@host.local is no fault of syntax
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            globally_deliverable=False,
        )
    except (email_validator.EmailNotValidError, UnicodeError):
        return False
    return True


def _mailbox(name: str, address: bytes, group: str, start: int, end: int) -> Mailbox:
    text = address.decode("utf-8", "replace")
    domain = text.rpartition("@")[2].lower() if "@" in text else ""
    return Mailbox(name, text, domain, group, start, end)


class _Reader:
    """One pass over the tokens of an address list."""

    def __init__(self, raw: bytes, position: int) -> None:
        self.raw = raw
        self.position = position
        self.found: list[Mailbox] = []
        self.group = ""
        self.in_group = False
        self.clear()

    def clear(self) -> None:
        """Begin the next mailbox."""
        self.words: list[bytes] = []
        self.comments: list[bytes] = []
        self.angle: bytes | None = None
        self.start = -1
        self.end = -1

    def read(self) -> list[Mailbox]:
        """Read to the end."""
        position, size, raw = self.position, len(self.raw), self.raw
        while position < size:
            found = _TOKEN.match(raw, position)
            if found is None:
                position += 1
                continue
            token, begin, position = found[0], position, found.end()
            first = token[:1]
            if first == b"(":
                if len(token) == 1:
                    position = _comment_end(raw, begin)
                    token = raw[begin:position]
                self.comments.append(token)
            elif first == b",":
                self.finish()
            elif first == b";":
                self.finish()
                self.in_group, self.group = False, ""
            elif first == b":" and self.angle is None and not self.in_group and b"@" not in b"".join(self.words):
                self.open_group()
            elif token.isspace():
                if self.words and not self.words[-1].isspace():
                    self.words.append(token)
                continue
            else:
                self.take(token)
            if first not in b",;(" and self.start < 0 and (self.words or self.angle is not None):
                self.start = begin
            if first not in b",;" or not first:
                self.end = position
        self.finish()
        return self.found

    def take(self, token: bytes) -> None:
        """A word, a quoted string or an angle address."""
        if token[:1] == b"<" and len(token) > 1:
            if self.angle is None:
                self.angle = token[1:-1]
            else:
                self.words.append(token)
        elif token not in (b"<", b">"):
            self.words.append(token)

    def open_group(self) -> None:
        """What was read so far names a group."""
        self.group = _phrase(self.words)
        self.in_group = True
        self.clear()

    def finish(self) -> None:
        """Close the current mailbox, if there is one."""
        if self.words or self.angle is not None:
            self.found.append(self.mailbox())
        self.clear()

    def mailbox(self) -> Mailbox:
        """Make the mailbox of the words, comments and angle address at hand."""
        if self.angle is not None:
            name = _phrase(self.words)
            if not name and self.comments:
                name = _comment_text(self.comments)
            return _mailbox(name, _addr_spec(self.angle), self.group, self.start, self.end)
        joined = b"".join(self.words)
        if b"@" in joined:
            *before, spec = joined.split() if b'"' not in joined else [joined]
            if b"@" not in spec or any(b"@" in word for word in before) or b"@" in (spec[:1], spec[-1:]):
                before, spec = [], b"".join(joined.split()) if b'"' not in joined else joined
            name = _phrase([b" ".join(before)]) if before else _comment_text(self.comments)
            return _mailbox(name, _addr_spec(spec), self.group, self.start, self.end)
        return _mailbox(_phrase(self.words), b"", self.group, self.start, self.end)


def _comment_end(raw: bytes, start: int) -> int:
    """Where a nested comment ends: the end of the field if it is not closed."""
    depth, position = 0, start
    for position in range(start, len(raw)):
        byte = raw[position]
        if byte == 0x28 and (position == start or raw[position - 1] != 0x5C):
            depth += 1
        elif byte == 0x29 and raw[position - 1] != 0x5C:
            depth -= 1
            if depth == 0:
                break
    return position + 1


def _phrase(words: list[bytes]) -> str:
    """Display name or group name: quoted strings opened, encoded words decoded."""
    raw = b"".join(words).strip()
    if b'"' in raw:
        whole = _QUOTED.fullmatch(raw)
        if whole is not None and b"=?" not in raw and b"\n" not in raw:
            return decode_raw(_unescaped(whole[1]))
        raw = _QUOTED.sub(lambda found: _unescaped(found[1]), raw)
    return decode_text(raw)


def _comment_text(comments: list[bytes]) -> str:
    return " ".join([decode_text(_unescaped(comment[1:].removesuffix(b")"))) for comment in comments])


def _unescaped(raw: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", raw, flags=re.DOTALL) if b"\\" in raw else raw


def _addr_spec(raw: bytes) -> bytes:
    """addr-spec without comments, folding and source route."""
    raw = without_comments(raw)
    route = _ROUTE.match(raw)
    if route is not None:
        raw = raw[route.end() :]
    if b'"' in raw:
        return raw.strip()
    return b"".join(raw.split())
