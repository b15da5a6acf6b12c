"""How a message's bytes are covered: every byte belongs to exactly one piece."""

from collections.abc import Iterator

from forensics.model.mail import Message, MimePart


def ranges(message: Message) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a message in order, without gap or overlap, from 0 to its size; empty ones are left out.

    Pieces are header fields, the blank line after them, bodies of leaves, preambles, delimiter lines, epilogues, and
    what lies beyond the part that was read; a message without a MIME tree is one piece.
    """
    position = 0
    for start, end in _pieces(message.tree.root) if message.tree is not None else ():
        if start > position:
            yield position, start
        if end > start:
            yield start, end
        position = max(position, end)
    if position < message.size:
        yield position, message.size


def _pieces(part: MimePart) -> Iterator[tuple[int, int]]:
    """Named pieces in order; blank lines and delimiter lines are what lies between them."""
    for field in part.headers:
        yield field.start, field.end
    if not part.parts:
        yield part.body_start, part.end
        return
    yield part.preamble
    for child in part.parts:
        yield from _pieces(child)
    yield part.epilogue
