"""The Message-ID was made at another time than Date says; most programs make both at one moment."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._clock_pairs import observation
from forensics.checks._facts import DAY, HOUR, bin_of, settled, shown, span
from forensics.checks._ids import (
    CERTAIN,
    COMPOSING,
    ahead,
    beyond,
    far_off,
    in_a_zone,
    nearest,
    seen_elsewhere,
    spelled,
    times_of,
    zones_apart,
)
from forensics.checks._programs import given_by_server, named, own_forms
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import id_time, message
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.message_id_time",
    version=3,
    title="Message-ID made at another time than Date",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.DATE | MessageHas.ID_TIME,
    bins=(*nested("later>1h", "later>1d"), *nested("earlier>1h", "earlier>1d"), Bin("whole_hours")),
    group="message id",
    compare_with="sender_client",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("sender_clock", "wrong_offset", "date_set_by_tool", "delayed_sending", "broken_client", "unsolicited"),
    accuses=(
        "date",
        "message-id",
    ),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=(*[f"kb:T-{row:02d}" for row in range(1, 47)], "kb:D-07", "kb:O-15", "kb:O-18"),
)

_SAID = {
    "later": says(
        "rule.mail.message_id_time.later",
        one="The Message-ID was made at {made}, {apart} after Date ({date}); ids of {scheme} have this form.",
    ),
    "earlier": says(
        "rule.mail.message_id_time.earlier",
        one="The Message-ID was made at {made}, {apart} before Date ({date}); ids of {scheme} have this form.",
    ),
    "later_unnamed": says(
        "rule.mail.message_id_time.later_unnamed",
        one="The Message-ID carries the time {made}, {apart} after Date ({date}).",
    ),
    "earlier_unnamed": says(
        "rule.mail.message_id_time.earlier_unnamed",
        one="The Message-ID carries the time {made}, {apart} before Date ({date}).",
    ),
}
_DATED_WHEN_BEGUN = says(
    "note.dated_when_begun",
    one=(
        "{program} dates a mail when it is begun and makes its Message-ID when it is sent; a server stamped the mail "
        "at the time of the id."
    ),
)
_DATING_DRAFTS = ("mu4e",)
"""Programs that do so."""
_DRAFTED = 3 * DAY
"""The longest that a draft explains."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Compare the reading of the first Message-ID that is nearest to Date with it.

    Programs that make the id when a mail is begun may be earlier, and servers that give one to a mail without may be
    hours off either way: only what they cannot be counts. Digits that are Date on a wall clock of the mail agree with
    it, whoever printed them.
    """
    date, readings = message.date, _first_id(message)
    if len(readings) > 1:
        own = own_forms(named(message))
        readings = tuple([one for one in readings if _schemes(one)[0] in own]) or readings
    found = nearest(readings, (date,)) if isinstance(date, Timestamp) else None
    if found is None or not _bin(found[2], found[0]):
        return
    program = named(message)
    own = own_forms(program)
    if any(_agrees(message, one, found[1], own) for one in readings):
        return
    likely = [one for one in readings if _known(one, own) or not beyond(one, context.as_of)]
    believed = [one for one in likely if _believed(message, one, found[1], own, program)]
    found = nearest(believed, (found[1],))
    if found is not None:
        yield from _observations(message, *found, own)


def _first_id(message: Message) -> tuple[Timestamp, ...]:
    """Return all readings of the first Message-ID."""
    return tuple([stamp for stamp in times_of(message, TimeKind.MESSAGE_ID) if stamp.index == 0])


def _agrees(message: Message, made: Timestamp, date: Timestamp, own: frozenset[str]) -> bool:
    """Whether a reading is Date's moment in another zone; a program that is known to use UTC uses no other."""
    return not (isinstance(made.instant, int) and _known(made, own)) and in_a_zone(message, made, date)


def _known(made: Timestamp, own: frozenset[str]) -> bool:
    """Whether a form is that of the program that the mail names, or tells itself."""
    schemes = _schemes(made)
    return not own.isdisjoint(schemes) or not CERTAIN.isdisjoint(schemes)


def _believed(message: Message, made: Timestamp, date: Timestamp, own: frozenset[str], program: str) -> bool:
    """Whether a token says when it was made: its form tells itself, or is that of the program that the mail names.

    The form of another program, and a guess that is years off, need a server's stamp that agrees.
    """
    if _known(made, own):
        return True
    if program and made.clock is ClockKind.SENDER:
        return seen_elsewhere(message, made)
    late = ahead(made, date) or 0
    return not far_off(message, made, late) or (late > 0 and spelled(made))


def _observations(
    message: Message, made: Timestamp, date: Timestamp, late: int, own: frozenset[str]
) -> Iterator[Observation]:
    schemes = [name for name in _schemes(made) if name in own] or _schemes(made)
    known = _known(made, own)
    served = not known and given_by_server(message)
    name = _bin(late, made, served=served, zone=in_a_zone(message, made, date))
    if not name:
        return
    values = {"made": shown(made), "date": shown(date), "apart": span(late)}
    key = "later" if late > 0 else "earlier"
    if len(schemes) > 1 or not (known or made.clock is ClockKind.SERVER or not named(message)):
        key += "_unnamed"
    else:
        values["scheme"] = schemes[0]
    seen = observation(RULE, _SAID[key](**values), name, (made, date, late), ("Date", "Message-ID"))
    yield replace(seen, benign=tuple(_causes(message, made, late)))


def _causes(message: Message, made: Timestamp, late: int) -> Iterator[BenignState]:
    program = named(message)
    if program.startswith(_DATING_DRAFTS) and 0 < late < _DRAFTED and seen_elsewhere(message, made):
        yield settled("delayed_sending", State.EXPLAINS, _DATED_WHEN_BEGUN(program=program[:60]))


def _schemes(made: Timestamp) -> list[str]:
    return made.scheme.split(" or ")


def _bin(late: int, made: Timestamp, *, served: bool = False, zone: bool = False) -> str:
    exact = not served and made.clock is ClockKind.SENDER and _schemes(made)[0] not in COMPOSING
    if exact and (zone or zones_apart(late)):
        return "whole_hours"
    if late > 0:
        return bin_of(late, ((DAY, "later>1d"), (HOUR, "later>1h")) if exact else ((DAY, "later>1d"),))
    if exact:
        return bin_of(-late, ((DAY, "earlier>1d"), (HOUR, "earlier>1h")))
    return "earlier>1d" if (served or made.clock is ClockKind.SERVER) and -late > DAY else ""


def cases() -> Iterator[Case]:
    """Cases of client, composing and server ids, on both sides of the thresholds."""
    date = "2017-03-06T10:00:00+01:00"

    def mail(
        *ids: Timestamp, client: str = "", hops: Sequence[tuple[str, str]] = (), host: str = "example.org"
    ) -> Message:
        return message(date, ids=ids, client=client, hops=hops, message_id=f"1@{host}")

    yield fires(mail(id_time("2017-03-06T10:17:00+00:00")), "an hour and a quarter later", bin="later>1h")
    yield fires(mail(id_time("2017-05-06T10:17:11+00:00")), "two months later: Date was set back", bin="later>1d")
    yield fires(mail(id_time("2017-03-06T07:41:00+00:00")), "an hour and a quarter earlier", bin="earlier>1h")
    yield fires(mail(id_time("2016-04-06T07:41:00+00:00")), "eleven months earlier", bin="earlier>1d")
    yield fires(mail(id_time("2017-03-06T15:00:00+00:00")), "six hours: another zone", bin="whole_hours")
    yield fires(mail(id_time("2017-03-06T15:01:00+00:00")), "six hours and a minute: no zone", bin="later>1h")
    yield fires(mail(id_time("2017-03-09T10:00:00", scheme="Pine")), "begun days after Date", bin="later>1d")
    late = id_time("2019-05-06T10:17:11+00:00")
    yield fires(mail(late, client="Mutt/1.5.20 (2009-06-14)"), "years later, and the mail names Mutt", bin="later>1d")
    hop = (("mx.example", "2019-05-06T10:17:20+00:00"),)
    yield fires(mail(late, hops=hop), "years later, and a server had it then", bin="later>1d")
    yield fires(mail(late, client="Foo 1.0", hops=hop), "the same, whatever program", bin="later>1d")
    gnus = id_time("2019-05-06T10:17:11+00:00", scheme="Gnus")
    yield fires(mail(gnus, client="Foo 1.0"), "years later in a form that nobody else has", bin="later>1d")
    printed = id_time("2017-03-06T10:01:02+00:00")
    yield fires(mail(printed, client="Mutt/1.5.20"), "Date's wall clock, and Mutt prints UTC", bin="whole_hours")
    yield silent(mail(printed), "Date's own wall clock")
    yield silent(mail(id_time("2017-03-06T09:00:02", scheme="KMail")), "UTC in a form that elsewhere is local")
    server = (("mx.example", "2017-03-06T04:00:30-05:00"),)
    yield silent(mail(id_time("2017-03-06T04:00:10+00:00"), hops=server), "a server's wall clock")
    yield silent(mail(id_time("2017-03-06T14:41:00+00:00"), client="Foo 1.0"), "Mutt's form, and the mail names Foo")
    yield silent(mail(id_time("2011-03-06T14:41:00+00:00", scheme="Netscape 4")), "years off: a token of another form")
    yield silent(mail(id_time("2046-05-06T10:17:11+00:00")), "later than the archive: a token of another form")
    hop = (("mx.example", "2017-03-06T09:00:05+00:00"),)
    hours = id_time("2017-03-06T11:41:00+00:00")
    yield fires(mail(hours, hops=hop), "hours later", bin="later>1h")
    yield silent(mail(hours, hops=hop, host="mx.example"), "hours later, and the server may have given it")
    sent = (("mx.example", "2017-03-06T11:41:20+00:00"),)
    hours = id_time("2017-03-06T11:41:00+00:00", scheme="Gnus")
    drafted = mail(hours, hops=sent, client="mu4e 1.6.5; emacs 27.2")
    yield explained(drafted, "a program that dates drafts", by="delayed_sending")
    yield fires(mail(hours, hops=hop, client="mu4e 1.6.5"), "the same, and no server had it then", bin="later>1h")
    yield fires(mail(hours, hops=sent, client="Foo 1.0"), "another program", bin="later>1h")
    yield silent(mail(id_time("2017-03-06T09:00:01+00:00")), "a second later")
    yield silent(mail(id_time("2017-03-06T10:00:00", scheme="Sylpheed")), "the same wall clock")
    yield silent(mail(id_time("2017-03-01T10:00:00", scheme="Alpine")), "begun days before it was sent")
    given = id_time("2017-03-06T13:30:00+00:00", scheme="Postfix", clock=ClockKind.SERVER)
    yield silent(mail(given), "a server gave the id hours later")
    both = (id_time("2017-03-06T10:00:00+00:00", scheme="Postfix"), id_time("2017-03-06T10:00:00", scheme="Mutt"))
    yield silent(mail(*both), "two schemes fit, and one of them agrees")
