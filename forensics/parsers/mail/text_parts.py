"""The texts of a message as a reader is shown them, each with the bytes that carry it."""

from collections.abc import Iterable

from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.quoted_lines import TextLine, page_lines


def text_parts_of(bodies: Bodies) -> tuple[TextPart, ...]:
    """Return the texts of a message, in its order."""
    return tuple([_part(body) for body in bodies.shown])


def _part(body: Body) -> TextPart:
    part = body.part
    text, lines = page_lines(body.sheets) if part.media_type == "text/html" else (body.text, [])
    return TextPart(
        text=text,
        media_type=part.media_type,
        charset=part.charset_found or part.charset or "utf-8",
        locator=Locator(ranges=((body.start, body.start + len(body.raw)),), path=f"part:{part.number or '1'}"),
        whole=not body.cut,
        quoted=_quoted(lines),
    )


def _quoted(lines: Iterable[TextLine]) -> tuple[tuple[int, int], ...]:
    """Return the ranges of quoted lines, those that follow each other as one."""
    ranges: list[tuple[int, int]] = []
    follows = False
    for line in lines:
        if line.depth and follows:
            ranges[-1] = ranges[-1][0], line.end
        elif line.depth:
            ranges.append((line.start, line.end))
        follows = line.depth > 0
    return tuple(ranges)
