"""The texts of contents, read again by the desk, and how far that got."""

from collections.abc import Iterator, Sequence

from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import Wanted
from forensics.errors import ForensicsError, IntakeError, IntegrityError, Locked, NoText, PasswordNeeded
from forensics.model.searching import TextState
from forensics.model.texts import TextPart
from forensics.reader.searching.contents import Content

MAX_CHARACTERS = 16_000_000
"""Of all texts of one item."""
_NO_TEXT = tuple[str, ...]()


def read_texts(desk: Desk, contents: Sequence[Content]) -> Iterator[tuple[TextState, Sequence[str]]]:
    """Yield for each content how far its text was read, and its texts, in their order."""
    wanted = [
        Wanted(
            sha256=content.sha256,
            size=content.size,
            places=tuple(content.locations),
            parser=content.parser,
            media_type=content.media_type,
        )
        for content in contents
    ]
    for content, (_, answer) in zip(contents, desk.texts_of(wanted), strict=True):
        if isinstance(answer, ForensicsError):
            yield _why(content, answer), _NO_TEXT
        else:
            yield _read(content, answer)


def _why(content: Content, error: ForensicsError) -> TextState:
    if isinstance(error, NoText):
        return content.without_text
    if isinstance(error, Locked | PasswordNeeded):
        return TextState.ENCRYPTED
    if isinstance(error, IntegrityError):
        return TextState.CHANGED
    return TextState.MISSING if isinstance(error, IntakeError) else TextState.FAILED


def _read(content: Content, parts: Sequence[TextPart]) -> tuple[TextState, Sequence[str]]:
    texts, left = [], MAX_CHARACTERS
    for part in parts:
        if part.text and not part.text.isspace():
            texts.append(part.text[:left])
            left -= len(texts[-1])
            if left <= 0:
                break
    if content.sealed:
        return TextState.ENCRYPTED, texts
    if left <= 0 or not all(part.whole for part in parts):
        return TextState.CUT, texts
    return (TextState.WHOLE if texts else TextState.EMPTY), texts
