"""The text has a character, a link or a program's word that did not exist yet when all clocks say it was sent."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, cite, clock, latest_printed
from forensics.checks._marks import cite_mark
from forensics.examples.cases import Case, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.knowledge import births
from forensics.model.mail import Message
from forensics.model.mail_texts import BodyMark
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.text_mark_after_date",
    version=2,
    title="Text newer than the mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.TEXT_BIRTH,
    bins=(
        Bin("born_character", ceiling=Strength.MODERATE),
        Bin("born_link", ceiling=Strength.MODERATE),
        Bin("born_word", ceiling=Strength.CONTEXT),
    ),
    group="date",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "private_name", "added_later", "unsolicited"),
    accuses=(
        "date",
        "body",
    ),
    settle=settle.SENDING_SERVER,
    references=("kb:D-23", "kb:D-25", "kb:D-26", "kb:O-17", "kb:O-19"),
)

_SAID = {
    "born_character": says(
        "rule.mail.text_mark_after_date.born_character",
        one=(
            "The text contains the character {mark}, which came with a release of {born}; the mail's latest "
            "clock says {printed}."
        ),
    ),
    "born_link": says(
        "rule.mail.text_mark_after_date.born_link",
        one=(
            "The text links to a host ({mark}) under a domain that was delegated on {born}; the mail's latest "
            "clock says {printed}."
        ),
    ),
    "born_word": says(
        "rule.mail.text_mark_after_date.born_word",
        one=(
            "The text contains words ({mark}) that programs have written since about {born}; the mail's latest "
            "clock says {printed}."
        ),
    ),
}

SLACK = {"born_character": 60, "born_link": 30, "born_word": 90}
"""Days before its birth at which a mark is no surprise."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each mark's birth against the latest clock that the mail prints: Date, or a server's stamp."""
    latest = latest_printed(message)
    if latest is None:
        return
    stamp, at = latest
    for mark in message.marks:
        if mark.kind not in SLACK:
            continue
        born = _birth(mark)
        evidence = cite_mark(mark)
        if born - SLACK[mark.kind] <= at // DAY or evidence is None:
            continue
        values = {"mark": mark.shown.value[:200], "born": clock(born * DAY)[:10], "printed": clock(at)}
        yield Observation(
            sentence=_SAID[mark.kind](**values),
            bin=mark.kind,
            evidence=(cite("latest clock", stamp, Role.SUSPECT), evidence),
            suspect=stamp.locator.path,
        )


def _birth(mark: BodyMark) -> int:
    if mark.kind == "born_character":
        return births.character_births().get(int(mark.shown.value[2:], 16), 0)
    if mark.kind == "born_link":
        return births.tld_births().get(mark.shown.value.rpartition(".")[2].lower(), 0)
    return births.word_births().get(mark.shown.value.encode(), 0)


def cases() -> Iterator[Case]:
    """Cases of each mark, and of one that was there."""

    def mail(date: str, kind: str, shown: str) -> Message:
        mark = BodyMark(kind=kind, shown=located(shown, "part:1", raw=b"x", start=80), part="1")
        return message(date, marks=(mark,))

    early, late = "2011-03-06T10:00:00+00:00", "2024-06-06T10:00:00+00:00"
    yield fires(mail(early, "born_character", "U+1F984"), "a character of 2015 in a mail of 2011", bin="born_character")
    yield fires(mail(early, "born_link", "://files.click"), "a domain of 2014 in a mail of 2011", bin="born_link")
    yield fires(mail(early, "born_word", "gmail_attr"), "a word of Gmail's from 2018", bin="born_word")
    yield silent(mail(late, "born_character", "U+1F984"), "years later")
