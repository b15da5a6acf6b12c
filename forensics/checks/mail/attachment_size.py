"""An attachment is not of the size that its own header gives."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_said, settled
from forensics.checks._reasons import NO_END
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import attachment, message
from forensics.model.mail import BodyPart, Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.attachment_size",
    version=2,
    title="Attachment size differs from what is stated",
    subject=Subject.MESSAGE,
    needs=MessageHas.STATED_SIZE,
    bins=(Bin("differs"),),
    group="content",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("line_ends", "stripped_attachment", "cut_copy", "unsolicited"),
    accuses=("body",),
    settle=settle.SENDER_COPY,
    references=("RFC 2183 2.7", "kb:C-06", "kb:A-32", "kb:O-26"),
)

_SAID = says(
    "rule.mail.attachment_size",
    one="The header of the attachment {name} says {stated} bytes; it has {size}.",
)
_TEXT_LINES = says(
    "note.text_lines",
    one="It is a text, and the difference is about the number of its lines, as other line endings make it.",
)
_NO_TEXT = says("note.no_text", one="It is not a text, so nothing should change its line endings.")


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first part whose decoded bytes are not as many as Content-Disposition says."""
    for part in message.parts:
        if part.stated_size is not None and part.stated_size != part.size:
            yield _observation(message, part, part.stated_size)
            return


def _observation(message: Message, part: BodyPart, stated: int) -> Observation:
    values = {"name": part.filename[:100] or part.number, "stated": f"{stated:,}", "size": f"{part.size:,}"}
    return Observation(
        sentence=_SAID(**values),
        bin="differs",
        evidence=(cite_said(message, "stated size", part.size_written, Role.EITHER),),
        suspect=f"part:{part.number or '1'}",
        benign=tuple(_causes(message, part, stated)),
    )


def _causes(message: Message, part: BodyPart, stated: int) -> Iterator[BenignState]:
    if part.size < stated and message.breaks_off and part is message.parts[-1]:
        yield settled("cut_copy", State.EXPLAINS, NO_END())
    if part.media_type.startswith("text/") and abs(part.size - stated) * 20 <= part.size:
        yield settled("line_ends", State.EXPLAINS, _TEXT_LINES())
    elif not part.media_type.startswith("text/"):
        yield settled("line_ends", State.EXCLUDED, _NO_TEXT())


def cases() -> Iterator[Case]:
    """Cases of both answers, and of text whose line ends were changed."""

    def mail(size: int, stated: int, media_type: str = "application/pdf", *, breaks_off: bool = False) -> Message:
        return message(attached=(attachment(size, stated, media_type),), breaks_off=breaks_off)

    yield fires(mail(411, 70_224), "another file under the old header", bin="differs")
    yield explained(mail(411, 70_224, breaks_off=True), "the mail breaks off in it", by="cut_copy")
    yield explained(mail(5_782, 5_677, "text/plain"), "a text whose lines end otherwise now", by="line_ends")
    yield silent(mail(5_482, 5_482), "as stated")
