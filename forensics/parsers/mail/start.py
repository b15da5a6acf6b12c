"""Where a message begins: whether content starts like a mail, at once or behind lines that are none of it."""

import re
from functools import lru_cache

_WHOLE_FIELD = rb"([!-9;-~]{1,100}[ \t]*:)[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*(?:\r\n|[\r\n]|\Z)"
_TWISTED = rb"[ \t]{0,9}From[ \t]{0,9}(?:\r?\n[ \t]{1,9})?:[^\r\n]{0,1000}[\r\n]+"
"""A From line that some programs read and others do not, on top."""
_START = re.compile(rb"(?:\xef\xbb\xbf|[\r\n]+|>?From [^\r\n]{1,200}[\r\n]+|" + _TWISTED + rb")?" + _WHOLE_FIELD)
_NEXT = re.compile(_WHOLE_FIELD)
_TELLING = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|>?From|To|Date|Subject|Message-ID|MIME-Version|Content-Type|X-Mailer"
    rb"|Sender|Reply-To|Cc|DKIM-Signature|Newsgroups|Path|Envelope-to|X-[A-Za-z-]{1,60})[ \t]*:",
    re.IGNORECASE,
)
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|[\r\n]|\Z)")

_JUNK_LINES = 30
_JUNK_BYTES = 4096
_LEAST = 3
"""Known fields that make a header of what stands behind other text: quoted mails have From, Date and little else."""
_OWN = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|DKIM-Signature)[ \t]*:", re.IGNORECASE
)
"""Fields that servers and programs write and that nobody quotes in a text."""


def behind_junk(data: bytes) -> int:
    """Where a mail's header begins behind lines that are none of it; 0 where there is none."""
    position = 0
    head = data[: _JUNK_BYTES * 2]
    for _ in range(_JUNK_LINES):
        line = _LINE.match(head, position)
        if line is None or not line[0] or line.end() > _JUNK_BYTES:
            return 0
        position = line.end()
        if _TELLING.match(head, position) is not None and _is_header(head, position):
            return position
    return 0


def _is_header(head: bytes, position: int) -> bool:
    names: set[bytes] = set()
    own = False
    while (found := _NEXT.match(head, position)) is not None:
        if _TELLING.fullmatch(found[1]) is not None:
            names.add(found[1].rstrip(b": \t").lower())
            own = own or _OWN.fullmatch(found[1]) is not None
            if own and len(names) >= _LEAST:
                return True
        position = max(found.end(), position + 1)
    return False


@lru_cache(1024)
def says_mail(name: str) -> bool:
    """Whether a lower-case field name is known in mail."""
    return _TELLING.fullmatch(name.encode("latin-1") + b":") is not None


def known_fields(head: bytes) -> tuple[int, int]:
    """Return how many names known in mail the leading fields have (2 stands for more), and where the fields end."""
    first, end = b"", 0
    found = _START.match(head)
    while found is not None:
        name, end = found[1].lower(), found.end()
        if name != first and _TELLING.fullmatch(name) is not None:
            if first:
                return 2, end
            first = name
        found = _NEXT.match(head, end)
    return int(bool(first)), end
