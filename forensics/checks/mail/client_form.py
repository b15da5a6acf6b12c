"""The mail is not written as the program that it names writes."""

import re
from collections.abc import Iterator
from functools import lru_cache

from forensics.checks import settle
from forensics.checks._facts import cite_header, settled
from forensics.checks._forms import gateway, in_words
from forensics.checks._programs import given_by_server
from forensics.checks._reasons import GATEWAY
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message
from forensics.examples.times import DAY
from forensics.knowledge.client_habits import Habit, Program, has, programs
from forensics.model.mail import Message
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
    id="mail.client_form",
    version=3,
    title="Does not follow the conventions of the program it names",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.MESSAGE_ID,
    bins=(Bin("one", ceiling=Strength.WEAK), Bin("two", ("one",))),
    group="authorship",
    compare_with="sender_client",
    proposition=Proposition.FORGED,
    ceiling=Strength.MODERATE,
    benign=("rewritten_on_way", "broken_client", "unsolicited"),
    of_program=True,
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:F-03", "kb:F-04", "kb:O-30", "kb:O-33", "kb:O-34"),
)

_HABIT = says("rule.mail.client_form.habit", one="{habit} ({k} of {n} mails)")
_SAID = says(
    "rule.mail.client_form",
    one="The mail names {program}, but does not follow that program's conventions; missing: {habits}.",
)
_RESPELLED = says(
    "note.respelled",
    one="It passed a server of Sun, iPlanet or Oracle, which spells the names of fields in its own way.",
)
_HANDED_IN_WITHOUT_ID = says(
    "note.handed_in_without_id",
    one=(
        "A server gave the mail its Message-ID: whoever submitted it supplied none, like scripts and devices "
        "that borrow a program's name."
    ),
)

_MESSAGING_SERVER = re.compile(rb"\((?:Sun Java(?:\(tm\))? System|iPlanet|Oracle Communications) Messaging\s+Server")
"""Its stamps; it spells the names of fields its own way in what it takes for its users (Message-id, MIME-version)."""
_SPELLINGS = ("id-name", "mime-name")
_FIELDS = {"date": "date", "id-name": "message-id", "mime-name": "mime-version"}
"""Kind of habit, or its first word, to the field that shows it."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold the mail's form against the habits of the program, or of the service whose host its Message-ID bears."""
    shown = message.client.value or f"@{message.message_id.value.rpartition('@')[2]}"
    program = _program(shown)
    if program is None:
        return
    form = frozenset(message.form)
    broken = [habit for habit in program.habits if has(habit.habit, form) is False]
    if broken:
        yield _observation(message, program, broken)


@lru_cache(4096)
def _program(shown: str) -> Program | None:
    """Return the program whose habits are known and that a name shows."""
    return next((one for one in programs() if one.shown.search(shown)), None)


def _observation(message: Message, program: Program, broken: list[Habit]) -> Observation:
    keys = {"user-agent", "x-mailer", "message-id"}
    keys |= {key for one in broken for kind, key in _FIELDS.items() if one.habit.startswith(kind)}
    said = tuple([_HABIT(habit=in_words(one.habit), k=one.k, n=one.n) for one in broken])
    return Observation(
        sentence=_SAID(program=program.name, habits=said),
        bin="one" if len(broken) == 1 else "two",
        evidence=tuple([cite_header(field, Role.EITHER) for field in message.headers if field.key in keys][:5]),
        suspect="header:Message-ID[0]",
        benign=tuple(_causes(message, broken)),
    )


def _causes(message: Message, broken: list[Habit]) -> Iterator[BenignState]:
    if way := gateway(message.form):
        yield settled("rewritten_on_way", State.EXPLAINS, GATEWAY(gateway=way))
    elif all(one.habit.startswith(_SPELLINGS) for one in broken) and _by_messaging_server(message):
        yield settled("rewritten_on_way", State.EXPLAINS, _RESPELLED())
    if len(broken) == 1 and given_by_server(message):
        yield settled("broken_client", State.EXPLAINS, _HANDED_IN_WITHOUT_ID())


def _by_messaging_server(message: Message) -> bool:
    return any(_MESSAGING_SERVER.search(hop.raw) for hop in message.by_key.get("received", ()))


def cases() -> Iterator[Case]:
    """Cases of programs with their own habits, and without."""

    def mail(client: str, *form: str, host: str = "example.org") -> Message:
        fields = (("Message-ID", f"<x@{host}>"), ("User-Agent", client)) if client else (("Message-ID", f"<x@{host}>"),)
        return message(client=client, message_id=f"x@{host}", fields=fields, form=form)

    mutt = ("has=mime-version", "has=content-disposition", "id-name=Message-ID")
    yield fires(mail("Mutt/1.5.20 (2009-06-14)", "has=mime-version"), "without the field that Mutt writes", bin="one")
    yield fires(mail("Mutt/1.5.20 (2009-06-14)", "order=date from"), "without both", bin="two")
    yield fires(mail("", "id-name=Message-Id", host="mail.gmail.com"), "Gmail with another spelling", bin="one")
    posted = mail("Mutt/1.5.20 (2009-06-14)", "has=mime-version", "gateway=news")
    yield explained(posted, "posted by way of a news server", by="rewritten_on_way")
    stamp = (
        "from mail.google.com by ms1.example.org (Oracle Communications Messaging Server 7u4-27.08) with ESMTP id <x>; "
        "Mon, 06 Mar 2017 10:00:00 +0000"
    )
    fields = (("Received", stamp), ("Message-Id", "<x@mail.gmail.com>"))
    respelled = message(message_id="x@mail.gmail.com", fields=fields, form=("id-name=Message-Id",))
    yield explained(respelled, "delivered by a server that spells fields its own way", by="rewritten_on_way")
    device = message(
        client="Mutt/1.5.20 (2009-06-14)",
        message_id="x@ex1.example.org",
        fields=(("Message-ID", "<x@ex1.example.org>"),),
        hops=(("ex1.example.org", f"{DAY}T10:00:00+00:00"),),
        form=("has=mime-version",),
    )
    yield explained(device, "a device of that name: a server gave it an id", by="broken_client")
    yield silent(mail("Mutt/1.5.20 (2009-06-14)", *mutt), "as Mutt writes")
    express, day = "Microsoft Outlook Express", "date-day=zero"
    yield fires(mail(f"{express} 5.50.4133.2400", day, "has=x-priority"), "a day that it does not pad", bin="one")
    mac = mail(f"{express} Macintosh Edition - 4.5 (0410)", day, "has=x-priority")
    yield silent(mac, "another program of that name")
    yield silent(mail("Nobody's Mailer", "order=date from"), "a program that the table does not know")
    yield silent(mail("KMail/1.9", "has=to"), "a mail that does not show the kind of habit")
