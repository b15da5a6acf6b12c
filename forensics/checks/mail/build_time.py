"""A server's program was not in use, or not yet out, when the server's own stamp says it took the mail."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, cite_fact, clock, host_named
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.knowledge import births
from forensics.model.facts import Located, Timestamp
from forensics.model.mail import Message, TraceField, field_path
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.build_time",
    version=2,
    title="Server's build does not fit its stamp",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1 | MessageHas.BUILD,
    bins=(*nested("early>30d", "early>180d", "early>1y"), *nested("late>60d", "late>1y")),
    group="trace",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("clock_skew", "prerelease", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:D-20", "kb:D-21", "kb:T-68", "kb:O-16", "kb:O-17"),
)

_SAID = {
    "ran": says(
        "rule.mail.build_time.ran",
        one="{host} stamped the mail at {stamped} UTC with {program} {build}, which ran between {first} and {last}.",
    ),
    "released": says(
        "rule.mail.build_time.released",
        one="{host} stamped the mail at {stamped} UTC with {program} {build}, which was released on {first}.",
    ),
}

_EXCHANGE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,5}\.\d{1,5}")
_EXIM = re.compile(r"\(Exim (\d\.\d+(?:\.\d+)?)\)")
_ONLINE = "15.20."
_EARLY = ((365, "early>1y"), (180, "early>180d"), (30, "early>30d"))
_LATE = ((365, "late>1y"), (60, "late>60d"))


class Build(NamedTuple):
    """A program's build that a trace field names, and the days in which it ran."""

    program: str
    text: str
    first: int
    last: int | None
    """None: nothing says when it went out of use."""


def build_of(hop: TraceField) -> Build | None:
    """Return the build that a hop names, if the tables know when it ran."""
    queue = hop.id.value
    if _EXCHANGE.fullmatch(queue):
        if queue.startswith(_ONLINE):
            ran = births.exchange_online(int(queue.split(".")[2]))
            return Build("Exchange Online", queue, ran.first, ran.last) if ran is not None else None
        program, text = "Exchange", queue
    elif (exim := _EXIM.search(hop.with_)) is not None:
        program, text = "Exim", exim[1]
    else:
        return None
    released = births.program_births().get((program, text))
    return Build(program, text, released, None) if released is not None else None


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold each build against its hop's stamp; report the one that is farthest off."""
    worst: tuple[int, TraceField, Timestamp, Build] | None = None
    for hop, stamp, at in message.stamped:
        if (build := build_of(hop)) is not None:
            day = at // DAY
            off = build.first - day if day < build.first else 0
            if build.last is not None and day > build.last:
                off = build.last - day
            if worst is None or abs(off) > abs(worst[0]):
                worst = (off, hop, stamp, build)
    if worst is not None and (name := bin_of(worst[0], _EARLY) or bin_of(-worst[0], _LATE)):
        yield _observation(name, *worst[1:])


def _observation(name: str, hop: TraceField, stamp: Timestamp, build: Build) -> Observation:
    values = {"host": host_named(hop.by), "stamped": clock(stamp.instant if isinstance(stamp.instant, int) else 0)}
    values |= {"program": build.program, "build": build.text, "first": clock(build.first * DAY)[:10]}
    if build.last is not None:
        values |= {"last": clock(build.last * DAY)[:10]}
    stands = Located(build.text, hop.raw, hop.locator)
    if hop.id.raw and build.text == hop.id.value:  # Exchange puts its build where others put a queue id
        path = f"{field_path('Received', hop.index)}/build"
        stands = Located(build.text, hop.id.raw, replace(hop.id.locator, path=path))
    return Observation(
        sentence=_SAID["released" if build.last is None else "ran"](**values),
        bin=name,
        evidence=(cite("Received", stamp, Role.SUSPECT), cite_fact("build", stands, Role.WITNESS)),
        suspect=stamp.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""

    def mail(date: str, build: str) -> Message:
        return message(date, hops=(("mx.example", date),), hop_ids=(build,))

    yield fires(mail("2021-02-10T10:00:00+00:00", "15.20.4173.24"), "a build of May in February", bin="early>30d")
    yield fires(mail("2020-08-10T10:00:00+00:00", "15.20.4173.24"), "nine months before", bin="early>180d")
    yield fires(mail("2018-03-06T10:00:00+00:00", "15.20.4173.24"), "years before", bin="early>1y")
    yield fires(mail("2021-10-06T10:00:00+00:00", "15.20.4173.24"), "a build that was long replaced", bin="late>60d")
    yield fires(mail("2024-03-06T10:00:00+00:00", "15.20.4173.24"), "years after", bin="late>1y")
    yield fires(mail("2017-03-06T10:00:00+00:00", "15.2.2562.46"), "an own server's build of 2026", bin="early>1y")
    yield silent(mail("2021-05-20T10:00:00+00:00", "15.20.4173.24"), "in its weeks")
    yield silent(mail("2026-10-06T10:00:00+00:00", "15.2.2562.46"), "an own server that is not updated")
    yield silent(mail("2017-03-06T10:00:00+00:00", "9.9.9999.9"), "a number that no table knows")
