"""Outlook and Exchange write the subject twice, without prefixes as Thread-Topic; the two differ."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_said
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.mail import Message
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
    id="mail.thread_topic",
    version=1,
    title="Subject differs from Thread-Topic",
    subject=Subject.MESSAGE,
    needs=MessageHas.THREAD_TOPIC,
    bins=(Bin("words"), Bin("other")),
    group="subject",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("new_subject", "tagged_subject", "unsolicited"),
    accuses=("subject",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:T-87", "kb:X-03", "kb:O-25"),
)

_SAID = says(
    "rule.mail.thread_topic",
    one=(
        "The subject is {subject}; the topic that the program wrote for the same mail is {topic} ({like} per "
        "cent alike)."
    ),
)

_BEFORE = re.compile(r"(?:\[[^\]]{0,80}\]|[^\W\d_][^\W\d_ ]{0,20}(?: [^\W\d_]{1,12})?(?:\[\d+\])?[:\uff1a])\s*")
"""A list's or filter's tag, or a word with a colon: Re, AW, Canceled, 回收."""
_SIGNS = re.compile(r"[^\w]+")
_LIKE = 60
"""Likeness in per cent from which a few words were changed, below which it is another subject."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the words of both without prefixes and tags; a topic within the subject, or the other way, is none."""
    topic, subject = _words(message.topic.value), _words(message.subject.value)
    if not topic or not subject or topic in subject or subject in topic:
        return
    from rapidfuzz import fuzz  # loaded for the few mails that come here

    like = fuzz.ratio(topic, subject)
    said = [("Subject", message.subject), ("Thread-Topic", message.topic)]
    said.sort(key=lambda named: named[1].locator.ranges)
    values = {"subject": message.subject.value[:200], "topic": message.topic.value[:200], "like": f"{like:.0f}"}
    yield Observation(
        sentence=_SAID(**values),
        bin="words" if like >= _LIKE else "other",
        evidence=tuple([cite_said(message, name, fact, Role.EITHER) for name, fact in said]),
        suspect="header:Subject[0]",
    )


def _words(text: str) -> str:
    """Return the words of a subject, lower case, without what programs put before it."""
    at = len(text) - len(text.lstrip())
    while (found := _BEFORE.match(text, at)) is not None:
        at = found.end()
    return _SIGNS.sub("", text[at:].lower())


def cases() -> Iterator[Case]:
    """Cases of changed words and of what programs put before them."""

    def mail(subject: str, topic: str) -> Message:
        fields = (("Subject", subject), ("Thread-Topic", topic))
        return message(subject=subject, topic=topic, fields=fields)

    yield fires(mail("Re: Minutes of 7 March", "Minutes of 5 March"), "another day", bin="words")
    yield fires(mail("Your account", "Minutes of 5 March"), "another subject", bin="other")
    yield silent(mail("RE: [EXTERNAL] AW: Minutes", "Minutes"), "prefixes and a tag")
    yield silent(mail("Canceled: Minutes", "Minutes"), "a word that calendars add")
    yield silent(mail("Minutes (was: Agenda)", "Agenda"), "the old subject named")
