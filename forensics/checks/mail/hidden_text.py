"""The mail's HTML holds text or pictures that its reader does not see."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._marks import observed
from forensics.examples.cases import Case, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.model.mail import Message
from forensics.model.mail_texts import BodyMark
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Rule,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.hidden_text",
    version=1,
    title="Hidden text in the HTML",
    subject=Subject.MESSAGE,
    needs=MessageHas.HTML,
    bins=(Bin("hidden_text"), Bin("pixel", ceiling=Strength.CONTEXT)),
    group="content",
    compare_with="sender",
    proposition=Proposition.HIDDEN_MARK,
    ceiling=Strength.MODERATE,
    benign=("preview_text", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:I-11", "kb:I-12", "kb:O-14"),
)

_SAID = {
    "hidden_text": says(
        "rule.mail.hidden_text.hidden_text",
        one="The HTML contains text that is not shown ({count} passages), the first: “{shown}”",
    ),
    "pixel": says(
        "rule.mail.hidden_text.pixel",
        one="A one-pixel image would report to its server that the mail was opened: {shown}",
    ),
}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first mark of each kind, and how many there are."""
    yield from observed(RULE, _SAID, message)


def cases() -> Iterator[Case]:
    """Cases of each kind."""

    def mail(kind: str, shown: str = "x") -> Message:
        return message(marks=(BodyMark(kind=kind, shown=located(shown, "part:1", raw=b"x", start=80), part="1"),))

    yield fires(mail("hidden_text"), "a passage that is not displayed", bin="hidden_text")
    yield fires(mail("pixel"), "a picture of one point", bin="pixel")
    yield silent(mail("shortener"), "a short link: no mark, but a lure")
