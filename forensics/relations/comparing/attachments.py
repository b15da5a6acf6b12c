"""The files of two copies: everything that is not shown as text."""

import re
from collections.abc import Iterator, Sequence

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import Located
from forensics.model.mail import MimePart
from forensics.relations.comparing.reading import ComparedMail, quoted
from forensics.replay.decoders import DECODERS

_MARKED = re.compile(rb"(?m)^>(>*From )")


def compare_attachments(one: ComparedMail, other: ComparedMail) -> Iterator[Difference]:
    """Yield what differs in the files of two copies: paired by what they hold, then by their names.

    Files without a name are paired by type, in order.
    """
    mine, yours = (_files(mail) for mail in (one, other))
    for left, right in _paired(mine, yours):
        yield from _pair(left, right, one, other)


def _files(mail: ComparedMail) -> list[MimePart]:
    return [part for part in mail.root.leaves() if not part.is_text]


def _digest(part: MimePart) -> str:
    return part.text_sha256 or part.sha256


def _paired(mine: Sequence[MimePart], yours: Sequence[MimePart]) -> list[tuple[MimePart | None, MimePart | None]]:
    left, right = list(mine), list(yours)
    pairs: list[tuple[MimePart | None, MimePart | None]] = []
    for key in (_digest, _name, _nameless):
        known: dict[str, list[MimePart]] = {}
        for part in right:
            known.setdefault(key(part), []).append(part)
        rest = []
        for part in left:
            there = known.get(key(part)) if key(part) else None
            if there:
                pairs.append((part, there.pop(0)))
            else:
                rest.append(part)
        taken = {id(part) for _, part in pairs}
        left, right = rest, [part for part in right if id(part) not in taken]
    pairs += [(part, None) for part in left]
    pairs += [(None, part) for part in right]
    return pairs


def _lines(part: MimePart, mail: ComparedMail) -> bytes:
    """Return what a file holds; where it came as text, as no mailbox changes it: LF as line end, no ``>From``."""
    raw = mail.data[part.body_start : part.end]
    decoded = raw if part.decoder == "copy/1" else DECODERS[part.decoder].whole(raw)
    if part.decoder == "base64/2":
        return decoded
    return _MARKED.sub(rb"\1", decoded.replace(b"\r\n", b"\n").rstrip(b"\n"))


def _name(part: MimePart) -> str:
    return part.filename or part.content_id


def _nameless(part: MimePart) -> str:
    return "" if _name(part) else part.media_type


def _pair(
    left: MimePart | None, right: MimePart | None, one: ComparedMail, other: ComparedMail
) -> Iterator[Difference]:
    if left is None or right is None:
        part = left or right
        assert part is not None
        mail = one if left is not None else other
        shown = _shown(part, mail, _said(part))
        name = part.filename or part.number
        if left is not None:
            yield Difference(kind="attachment_removed", name=name, one=shown)
        else:
            yield Difference(kind="attachment_added", name=name, other=shown)
        return
    name = left.filename or left.number
    if _digest(left) != _digest(right) and _lines(left, one) != _lines(right, other):
        sides = _shown(left, one, left.sha256), _shown(right, other, right.sha256)
        yield Difference(kind="attachment_changed", name=name, one=sides[0], other=sides[1])
        return
    if left.filename != right.filename:
        sides = _shown(left, one, left.filename), _shown(right, other, right.filename)
        yield Difference(kind="attachment_renamed", name=name, one=sides[0], other=sides[1])
    if left.media_type != right.media_type:
        sides = _shown(left, one, left.media_type), _shown(right, other, right.media_type)
        yield Difference(kind="part_type", name=name, one=sides[0], other=sides[1])
    written = one.data[left.body_start : left.end], other.data[right.body_start : right.end]
    if written[0].strip() != written[1].strip():
        sides = _shown(left, one, left.encoding), _shown(right, other, right.encoding)
        yield Difference(kind="encoding", name=name, one=sides[0], other=sides[1], cause=Cause.ENCODING)


def _said(part: MimePart) -> str:
    return f"{part.filename or part.media_type}, {part.size} bytes, {part.sha256}"


def _shown(part: MimePart, mail: ComparedMail, value: str) -> Located:
    return quoted(value, mail.data[part.start : part.end], part.start, part.locator.path)
