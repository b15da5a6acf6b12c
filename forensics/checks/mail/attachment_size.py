"""An attachment is not of the size that its own header gives."""

from collections.abc import Iterator

import msgspec

from forensics.checks._facts import cite_header, sender_client, settled
from forensics.checks._returned import breaks_off
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import attachment, message
from forensics.model.mail import HeaderField, MailMessage, MimePart
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    State,
    Strength,
    Subject,
)

RULE = Rule(
    id="mail.attachment_size",
    version=2,
    title="Attachment of another size than stated",
    subject=Subject.MESSAGE,
    needs=MessageHas.STATED_SIZE,
    bins=(Bin("differs"),),
    group="content",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("line_ends", "stripped_attachment", "cut_copy", "unsolicited"),
    settle="settle.sender_copy",
    references=("RFC 2183 2.7", "kb:C-06", "kb:A-32", "kb:O-26"),
)


def check(message: MailMessage, context: Context) -> Iterator[Observation]:
    """Report the first part whose decoded bytes are not as many as Content-Disposition says."""
    for part in message.root.leaves():
        if part.stated_size is not None and part.stated_size != part.size:
            field = next((field for field in part.headers if field.key == "content-disposition"), None)
            if field is not None:
                yield _observation(message, part, part.stated_size, field)
                return


def _observation(message: MailMessage, part: MimePart, stated: int, field: HeaderField) -> Observation:
    values = {"name": part.filename[:100] or part.number, "stated": f"{stated:,}", "size": f"{part.size:,}"}
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}", values),
        bin="differs",
        evidence=(cite_header(field, Role.EITHER),),
        suspect=f"part:{part.number or '1'}",
        benign=tuple(_causes(message, part, stated)),
        compare=sender_client(message),
    )


def _causes(message: MailMessage, part: MimePart, stated: int) -> Iterator[BenignState]:
    if part.size < stated and breaks_off(message.root) and part is [*message.root.leaves()][-1]:
        yield settled("cut_copy", State.EXPLAINS, "no_end")
    if part.media_type.startswith("text/") and abs(part.size - stated) * 20 <= part.size:
        yield settled("line_ends", State.EXPLAINS, "text_lines")
    elif not part.media_type.startswith("text/"):
        yield settled("line_ends", State.EXCLUDED, "no_text")


def cases() -> Iterator[Case]:
    """Cases of both answers, and of text whose line ends were changed."""

    def mail(size: int, stated: int, media_type: str = "application/pdf") -> MailMessage:
        return message(attached=(attachment(size, stated, media_type),))

    yield fires(mail(411, 70_224), "another file under the old header", bin="differs")
    whole = mail(411, 70_224)
    root = msgspec.structs.replace(whole.root, boundary=b"b", closed=False)
    yield explained(msgspec.structs.replace(whole, root=root), "the mail breaks off in it", by="cut_copy")
    yield explained(mail(5_782, 5_677, "text/plain"), "a text whose lines end otherwise now", by="line_ends")
    yield silent(mail(5_482, 5_482), "as stated")
