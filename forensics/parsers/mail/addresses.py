"""Address fields, read tolerantly: groups, comments, quoted strings, obsolete routes, UTF-8, and what is none of these.

Many programs write names as ``Miller, Jane <jane@corp.example>``, without the quotes that a comma needs. By the grammar
these are two mailboxes, the first of them a name alone; what is meant is one. Words before a comma that name no address
are therefore part of the next name that has one, and the mailbox says that it can be read otherwise.

Source: RFC 5322 3.4 and 4.4, RFC 6532.
"""

import re

import msgspec

from forensics.parsers.mail.addr_spec import addr_spec
from forensics.parsers.mail.charsets import decode_raw
from forensics.parsers.mail.shifts import is_shifted, masked
from forensics.parsers.mail.words import decode_text

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
    odd: str = ""
    """How its text can be read otherwise, a key of `ODD`; empty: in one way only."""


ODD = {
    "comma": "comma outside quotes in a name; read as one mailbox, by the grammar the words before it are another",
    "several": "several addresses without a comma between them; read as mailboxes of their own",
    "empty": "empty angle brackets before the address; the address behind them is read",
}
"""What can be read in two ways, and how it is read."""

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


def parse_addresses(raw: bytes, charset: str = "") -> tuple[Mailbox, ...]:
    """Read an address list, mailbox list or single address.

    Args:
        raw: the field body, folding included; at most `MAX_BYTES` of it are read.
        charset: asked where raw 8-bit names are no UTF-8.

    Returns:
        Mailboxes in order. A text that holds no address is one mailbox with a name only.
    """
    raw = raw[:MAX_BYTES]
    found: list[Mailbox] = []
    position, size = 0, len(raw)
    while position < size:
        item = _ITEM.match(raw, position)
        if item is None:
            found += _Reader(raw, position, charset).read()
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


def _mailbox(name: str, address: bytes, group: str, start: int, end: int, odd: str = "") -> Mailbox:
    text = address.decode("utf-8", "replace")
    domain = text.rpartition("@")[2].lower() if "@" in text else ""
    return Mailbox(name, text, domain, group, start, end, odd)


_INSIDE = re.compile(rb"[^\s,;:()<>\[\]\".@]")


class _Piece:
    """What stands between two separators: tokens, comments, and the addresses in angle brackets."""

    __slots__ = ("angles", "comments", "end", "named", "separator", "start", "words")

    def __init__(self) -> None:
        self.words: list[bytes] = []
        """Since the last angle address; white space is one token."""
        self.comments: list[bytes] = []
        self.angles: list[tuple[list[bytes], bytes]] = []
        """Each with the words before it."""
        self.named = False
        """Whether a word holds an ``@``."""
        self.separator = b""
        """What ends it."""
        self.start = self.end = -1

    def __bool__(self) -> bool:
        return bool(self.words or self.angles)


class _Reader:
    """One pass over the tokens of an address list."""

    def __init__(self, raw: bytes, position: int, charset: str) -> None:
        self.raw = raw
        self.marks = masked(raw) if is_shifted(raw, charset) else raw
        self.position = position
        self.charset = charset
        self.found: list[Mailbox] = []
        self.held: list[_Piece] = []
        """Pieces without an address that may begin the name of the next."""
        self.group = ""
        self.in_group = False
        self.piece = _Piece()

    def read(self) -> list[Mailbox]:
        """Read to the end."""
        position, size = self.position, len(self.raw)
        while position < size:
            found = _TOKEN.match(self.marks, position)
            if found is None:
                position += 1
                continue
            begin, position = position, found.end()
            first = self.marks[begin : begin + 1]
            if first == b"(" and position == begin + 1:
                position = _comment_end(self.marks, begin)
            self.take(first, begin, position)
        self.finish(b"")
        return self.found

    def take(self, first: bytes, begin: int, end: int) -> None:
        """Read one token."""
        piece, token = self.piece, self.raw[begin:end]
        if first == b"(":
            self.comment(token, begin, end)
        elif first in b",;":
            self.finish(first)
            return
        elif first == b":" and not (self.in_group or piece.angles or piece.named):
            self.open_group()
            return
        elif first.isspace():
            if piece.words and not piece.words[-1].isspace():
                piece.words.append(token)
            return
        elif first == b"<" and len(token) > 1:
            piece.angles.append((piece.words, token[1:-1]))
            piece.words = []
        elif token not in (b"<", b">"):
            piece.words.append(token)
            piece.named = piece.named or b"@" in token
        if piece.start < 0 and piece:
            piece.start = begin
        piece.end = end

    def comment(self, token: bytes, begin: int, end: int) -> None:
        """Keep a comment apart, unless it stands inside an atom, which it then splits."""
        inside = _INSIDE.match(self.marks, begin - 1) if begin and self.piece.words else None
        if inside and _INSIDE.match(self.marks, end):
            self.piece.words.append(token)
        else:
            self.piece.comments.append(token)

    def open_group(self) -> None:
        """What was read so far names a group."""
        self.flush()
        self.group = self.phrase(self.piece.words)
        self.in_group = True
        self.piece = _Piece()

    def finish(self, separator: bytes) -> None:
        """Close the current piece: a mailbox, or words that may belong to the next one."""
        piece, self.piece = self.piece, _Piece()
        piece.separator = separator
        closes = not separator or (separator == b";" and self.in_group)
        if piece:
            plain = piece.named and not any(angle for _, angle in piece.angles)
            chunks = _chunks(_unfolded(piece.words)) if plain else []
            if piece.angles or any(b"@" in chunk for chunk in chunks):
                self.found += self.mailboxes(piece, chunks)
            else:
                self.held.append(piece)
        if closes:
            self.flush()
            if separator:
                self.in_group, self.group = False, ""

    def flush(self) -> None:
        """Words that no address follows are mailboxes without one."""
        for piece in self.held:
            self.found.append(_mailbox(self.phrase(piece.words), b"", self.group, piece.start, piece.end))
        self.held = []

    def mailboxes(self, piece: _Piece, chunks: list[bytes]) -> list[Mailbox]:
        """Make the mailboxes of one piece, and of the held ones before it."""
        if piece.angles:
            named = _in_angles(piece, chunks)
        else:
            named = _in_words(chunks)
        if not (piece.angles or named[0][0]):  # a bare address has no name that could have begun before
            self.flush()
        held, self.held = self.held, []
        odd = "several" if len(named) > 1 else "empty" if len(piece.angles) > 1 else "comma" if held else ""
        start = held[0].start if held else piece.start
        found = []
        for place, (words, spec) in enumerate(named):
            if held and place == 0:
                before = [token for one in held for token in (*one.words, one.separator, b" ")]
                words = before + words if words else before[:-2]
            name = self.phrase(words) or (" ".join(map(self.comment_text, piece.comments)) if place == 0 else "")
            found.append(_mailbox(name, addr_spec(spec), self.group, start, piece.end, odd))
        return found

    def phrase(self, words: list[bytes]) -> str:
        """Display name or group name: quoted strings opened, encoded words decoded."""
        raw = b"".join(words).strip()
        if b'"' in raw and is_shifted(raw, self.charset):
            return decode_text(raw.strip(b'"'), self.charset)
        if b'"' in raw:
            whole = _QUOTED.fullmatch(raw)
            if whole is not None and b"=?" not in raw and b"\n" not in raw:
                return decode_raw(_unescaped(whole[1]), self.charset)
            raw = _QUOTED.sub(lambda found: _unescaped(found[1]), raw)
        return decode_text(raw, self.charset)

    def comment_text(self, comment: bytes) -> str:
        """What a comment says."""
        return decode_text(_unescaped(comment[1:].removesuffix(b")")), self.charset)


def _in_angles(piece: _Piece, chunks: list[bytes]) -> list[tuple[list[bytes], bytes]]:
    """Names and addresses of a piece with angle brackets: those that hold an address; the first where none does."""
    written = [(words, spec) for words, spec in piece.angles if b"@" in spec]
    if len(written) == len(piece.angles) == 1:
        return [(_and_rest(written[0][0], piece.words), written[0][1])]
    if written:
        named, words = list[tuple[list[bytes], bytes]](), list[bytes]()
        for before, spec in piece.angles:
            words += (b" ", *before)
            if b"@" in spec:
                named.append((words, spec))
                words = []
        named[-1] = (_and_rest(named[-1][0], piece.words), named[-1][1])
        return named
    if any(b"@" in chunk for chunk in chunks):
        words = [token for before, _ in piece.angles for token in before]
        (before, spec), *more = _in_words(chunks)
        return [(_and_rest(words, before), spec), *more]
    words = [token for before, _ in piece.angles for token in before]
    return [(_and_rest(words, piece.words), next((spec for _, spec in piece.angles if spec), b""))]


def _and_rest(words: list[bytes], more: list[bytes]) -> list[bytes]:
    return [*words, b" ", *more] if words and more else words or more


def _in_words(chunks: list[bytes]) -> list[tuple[list[bytes], bytes]]:
    """Addresses among words without angle brackets, each with the words before it; words behind the last join it."""
    named: list[tuple[list[bytes], bytes]] = []
    words: list[bytes] = []
    for chunk in chunks:
        if b"@" in chunk:
            named.append((words, chunk))
            words = []
        else:
            words += [b" ", chunk] if words else [chunk]
    before, spec = named[-1]
    named[-1] = (_and_rest(before, words), spec)
    return named


def _unfolded(words: list[bytes]) -> list[bytes]:
    """Take a fold inside an address that stands alone away."""
    bare = len(words) == 3 and b"\n" in words[1] and b"@" in words[0] and words[1].isspace()
    return [words[0] + words[2]] if bare else words


def _chunks(words: list[bytes]) -> list[bytes]:
    """Tokens joined to what stands between white space; an ``@`` or a dot of its own joins what stands beside it."""
    joined: list[list[bytes]] = []
    open_ = False
    for token in words:
        if token.isspace():
            open_ = False
        elif open_ or (joined and _joins(joined[-1], token)):
            joined[-1].append(token)
            open_ = True
        else:
            joined.append([token])
            open_ = True
    return [b"".join(chunk) for chunk in joined]


def _joins(chunk: list[bytes], token: bytes) -> bool:
    """Whether a token belongs to the chunk before the white space (RFC 5322 4.4: white space round dots and ``@``)."""
    last = chunk[-1]
    if token[:1] in (b"@", b".") or last[-1:] == b"@":
        return True
    return last[-1:] == b"." and (last == b"." or b"@" in last or len(chunk) > 1)


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


def _unescaped(raw: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", raw, flags=re.DOTALL) if b"\\" in raw else raw
