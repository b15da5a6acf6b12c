"""Bodies before a list server put its own part behind them: in a multipart around the mail, or at the end of its own.

Source: Mailman 2.1 ``Handlers/Decorate.py``, Mailman 3 ``handlers/decorate.py``.
"""

from collections.abc import Iterator

from forensics.authenticity.repairs.mails import Body, Mail, Part, Removed, body_of, decoded, parts_of
from forensics.parsers.mail.entity import parse_encoding
from forensics.parsers.mail.parameters import parse_value


def unwrapped(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield the first part of a multipart/mixed as the whole body; everything else of it was added."""
    parts = parts_of(mail, body) if body.type.value == "multipart/mixed" else []
    if not parts:
        return
    first = parts[0]
    start, end = body.piece(first.body_start, first.end)
    steps = (*body.steps, "unwrapped")
    removed = (*body.removed, *_outside(body, parts), *[_removed(body, part) for part in parts[1:]])
    yield Body(body.content[first.body_start : first.end], first.mime, start, end, body.verbatim, steps, removed)


def last_part_dropped(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a multipart without its last part."""
    parts = parts_of(mail, body)
    if len(parts) < 2:
        return
    last = parts[-1]
    content = body.content[: last.delimiter] + body.content[last.end :]
    removed = (*body.removed, _removed(body, last))
    yield Body(content, body.mime, body.start, body.end, False, (*body.steps, "last_part_dropped"), removed)


def _removed(body: Body, part: Part) -> Removed:
    kind = parse_value(_field(part, "content-type"))
    disposition = parse_value(_field(part, "content-disposition"))
    encoding = parse_encoding(_field(part, "content-transfer-encoding")).token
    text = decoded(body.content[part.body_start : part.end], encoding).strip()
    is_file = disposition.value == "attachment" or "filename" in disposition.parameters or "name" in kind.parameters
    return Removed(text, *body.piece(part.start, part.end), kind.value in ("text/plain", "") and not is_file)


def _outside(body: Body, parts: list[Part]) -> Iterator[Removed]:
    """Yield what stands before the first part and after the last: readers do not show it."""
    for start, end in ((0, parts[0].delimiter), (parts[-1].closing, len(body.content))):
        if end > start and (text := body.content[start:end].strip()):
            yield Removed(text, *body.piece(start, end), False)


def _field(part: Part, name: str) -> bytes:
    return body_of(part.mime.get(name, b""))
