"""Subjects before a list or a gateway put its tag into them, on either side of ``Re:``, or a hand wrote another.

Source: Mailman 2.1 ``Handlers/CookHeaders.py``, Mailman 3 ``handlers/subject_prefix.py``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

_TAG = re.compile(rb"(?:\[[^\]\n]{1,60}\]|\*{2,5}[^*\n]{1,40}\*{2,5})[ \t]*")
_REPLY = re.compile(rb"(?:(?:re|aw|sv|antw|fwd?|fw|wg|tr|rv)(?:\[\d{1,3}\])?:[ \t]*)+", re.IGNORECASE)
_MOST_BYTES = 2_000
_MOST = 3
"""Tags of one subject that are looked at."""


def originals_of_subject(fields: Mapping[str, Sequence[bytes]], others: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what Subject may have been.

    Args:
        fields: lower-case name to field bodies, topmost first.
        others: subjects of the thread.
    """
    for body in fields.get("subject", ())[-1:]:
        if len(body) <= _MOST_BYTES:
            yield from untagged(body)
        for other in others:
            yield other
            yield other[len(_reply(other)) :]
            yield b"Re: " + other[len(_reply(other)) :]


def untagged(subject: bytes) -> Iterator[bytes]:
    """Yield a subject without its tags, and with its ``Re:`` on their other side."""
    text = b" ".join(subject.split())
    before = _reply(text)
    rest, tags = text[len(before) :], list[bytes]()
    while len(tags) < _MOST and (found := _TAG.match(rest)) is not None:
        tags.append(found[0])
        rest = rest[found.end() :]
        inner = _reply(rest)
        left = rest[len(inner) :]
        for reply in dict.fromkeys((before, inner, before + inner, b"Re: ")):
            for kept in dict.fromkeys((b"", tags[0], b"".join(tags[1:]))):
                yield (reply + kept + left).rstrip()
                yield (kept + reply + left).rstrip()


def _reply(text: bytes) -> bytes:
    found = _REPLY.match(text)
    return found[0] if found is not None else b""
