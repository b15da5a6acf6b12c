"""The mail's text holds characters that are not seen, or that look like others."""

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
    id="mail.hidden_characters",
    version=3,
    title="Characters that are invisible or look like others",
    subject=Subject.MESSAGE,
    needs=MessageHas.NON_ASCII,
    bins=(Bin("zero_width"), Bin("bidi"), Bin("mixed_scripts", ceiling=Strength.WEAK)),
    group="content",
    compare_with="sender",
    proposition=Proposition.HIDDEN_MARK,
    ceiling=Strength.MODERATE,
    benign=("typing", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("UTS #39 5.1", "UAX #9 2", "kb:I-11", "kb:O-13"),
)

_SAID = {
    "zero_width": says(
        "rule.mail.hidden_characters.zero_width",
        one="A word contains zero-width characters, or has them at its edge, or many follow each other: {shown}",
    ),
    "bidi": says(
        "rule.mail.hidden_characters.bidi",
        one=(
            "The text contains a bidirectional control that overrides or reverses the displayed order of "
            "letters: {shown}"
        ),
    ),
    "mixed_scripts": says(
        "rule.mail.hidden_characters.mixed_scripts",
        one="A word mixes letters of two scripts that look alike: {shown}",
    ),
}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first of each kind, and how many texts have it."""
    yield from observed(RULE, _SAID, message)


def cases() -> Iterator[Case]:
    """Cases of each kind."""

    def mail(kind: str) -> Message:
        shown = located("x", "header:Subject[0]", raw=b"Subject: x\r\n")
        return message(subject="é", fields=(("Subject", "é"),), marks=(BodyMark(kind=kind, shown=shown, part=""),))

    yield fires(mail("zero_width"), "a character of no width inside a word", bin="zero_width")
    yield fires(mail("bidi"), "a control that turns the order of letters", bin="bidi")
    yield fires(mail("mixed_scripts"), "a Cyrillic letter inside a Latin word", bin="mixed_scripts")
    yield silent(mail("hidden_text"), "a passage that is not shown: another rule's")
