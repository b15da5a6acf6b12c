"""The body is not as long as a field of the header counts."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_field, settled
from forensics.checks._reasons import NO_BODY, NO_END
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.model.mail import Message, StatedCount
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
    id="mail.stated_length",
    version=2,
    title="Body length differs from what is stated",
    subject=Subject.MESSAGE,
    needs=MessageHas.STATED_LENGTH,
    bins=(Bin("longer"), Bin("shorter")),
    group="content",
    compare_with="list",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("list_copy", "line_ends", "cut_copy", "resaved", "unsolicited"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 1036 2.2.12", "kb:A-32", "kb:O-03", "kb:O-04"),
)

_SAID = says("rule.mail.stated_length", one="{name} says {stated}; the body has {found}.")

SLACK = 2
"""Lines, or bytes: mailboxes add a blank line, and some count it."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare each field with the body as it stands, whichever line ends it was counted with."""
    for count in message.counts:
        if count.least - SLACK <= count.stated <= count.most + SLACK:
            continue
        name = "shorter" if count.most < count.stated else "longer"
        found = count.most if name == "shorter" else count.least
        quoted = cite_field(count.written, Role.EITHER)
        values = {"name": quoted.label, "stated": f"{count.stated:,}", "found": f"{found:,}"}
        yield Observation(
            sentence=_SAID(**values),
            bin=name,
            evidence=(quoted,),
            suspect="body",
            benign=tuple(_causes(message, count, name)),
        )
        return


def _causes(message: Message, count: StatedCount, name: str) -> Iterator[BenignState]:
    if name == "shorter" and (count.most == 0 or message.breaks_off):
        yield settled("cut_copy", State.EXPLAINS, NO_END() if count.most else NO_BODY())


def cases() -> Iterator[Case]:
    """Cases of both directions and of other line ends."""

    def mail(stated: int, least: int, most: int) -> Message:
        field = located(str(stated), "header:Content-Length[0]", raw=f"Content-Length: {stated}\r\n".encode())
        return message(counts=(StatedCount(written=field, stated=stated, least=least, most=most),))

    yield fires(mail(5_000, 6_100, 6_200), "text was added", bin="longer")
    yield fires(mail(5_000, 3_900, 4_000), "text was taken away", bin="shorter")
    yield explained(mail(5_000, 0, 0), "only a header is left", by="cut_copy")
    yield silent(mail(5_000, 4_900, 5_000), "counted with other line ends")
    yield silent(mail(5_000, 4_999, 4_999), "a blank line at the end")
