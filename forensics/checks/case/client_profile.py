"""A mail lacks several habits that nearly all mails of the program it names have, in this archive and at that time."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, cite_row, counts, settled
from forensics.checks._forms import SERVERS, gateway, in_words, own_habits
from forensics.checks._reasons import GATEWAY
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.client_profile",
    version=3,
    title="Habits of the named program are missing",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM | MessageHas.MESSAGE_ID | MessageHas.DATE,
    bins=(*nested("two", "three", "four"), Bin("guessed", ceiling=Strength.WEAK)),
    group="authorship",
    compare_with="sender",
    proposition=Proposition.FORGED,
    ceiling=Strength.MODERATE,
    benign=("broken_client", "rewritten_on_way", "id_by_script", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:F-01", "kb:F-02", "kb:F-03", "kb:F-04", "kb:D-28", "kb:O-30", "kb:O-33", "kb:O-38"),
)

_HABIT = says("rule.case.client_profile.habit", one="{habit} ({k} of {n})")
_SAID = says(
    "rule.case.client_profile",
    one=(
        "The mail names {program}, but lacks habits that nearly all such mails of those years in this archive "
        "have: {habits}."
    ),
)

ROWS_NEEDED = {"messages": 2}

# The program is what the mail names, with its major version, or the service whose Message-ID it bears; else the one
# whose ids look so, where only one writes such: a guess, since scripts imitate ids. A habit is a
# feature that 95 % of its other mails have, of the same year and the two beside it, at least 29 of them. A mail lacks
# it where it shows another value of the same kind, or lacks a field.
QUERY = r"""
WITH clients AS (
    SELECT client, coalesce(
               nullif(regexp_extract(client, '(?:Thunderbird|Icedove|Betterbird)/\d+'), ''),
               regexp_extract(client, '^(?:Microsoft |Apple )?[A-Za-z-]+(?: Mail| Outlook| Express)*[ /(v]*\d*')
           ) AS named
    FROM (SELECT DISTINCT client FROM flat.mails WHERE client <> '')),
ids AS (
    SELECT form, feature AS id FROM flat.features WHERE kind = 'id' AND NOT contains(feature, ' or ')
       AND feature NOT IN ('id=other', 'id=UUID lower', 'id=UUID upper')),
mails AS MATERIALIZED (
    SELECT item, form, coalesce(instant, wall) // 315576000000000 AS year,
           CASE WHEN client <> '' THEN named WHEN message_id LIKE '%@mail.gmail.com' THEN 'Gmail'
           WHEN message_id LIKE '%.prod.outlook.com' THEN 'Exchange Online' ELSE id END AS program
    FROM flat.mails LEFT JOIN clients USING (client) LEFT JOIN ids USING (form)
    WHERE date IS NOT NULL AND message_id <> '' AND sender <> ''),
forms AS MATERIALIZED (SELECT program, year, form, count(*) AS n FROM mails WHERE program <> '' GROUP BY ALL),
sizes AS (SELECT program, year, sum(n) AS n FROM forms GROUP BY ALL),
wide AS (
    SELECT s.program, s.year, sum(t.n)::BIGINT AS n FROM sizes s
    JOIN sizes t ON t.program = s.program AND t.year BETWEEN s.year - 1 AND s.year + 1
    GROUP BY ALL HAVING sum(t.n) >= 30),
counts AS (
    SELECT program, year, feature, sum(n) AS k FROM forms JOIN flat.features USING (form) WHERE kind <> 'part'
    GROUP BY ALL),
around AS MATERIALIZED (
    SELECT w.program, w.year, c.feature, w.n, sum(c.k)::BIGINT AS k
    FROM wide w JOIN counts c ON c.program = w.program AND c.year BETWEEN w.year - 1 AND w.year + 1 GROUP BY ALL),
habits AS (
    SELECT *, split_part(feature, '=', 1) AS kind FROM around WHERE k >= 0.95 * (n - 1)),
kept AS (
    SELECT program, year, form, count(*) AS kept
    FROM forms JOIN flat.features USING (form) JOIN habits USING (program, year, feature) GROUP BY ALL),
others AS MATERIALIZED (
    SELECT program, year, form FROM forms JOIN (SELECT program, year, count(*) AS n FROM habits GROUP BY ALL) h
    USING (program, year) LEFT JOIN kept USING (program, year, form) WHERE h.n - coalesce(kept, 0) > 1),
missed AS (
    SELECT program, year, form, h.kind, h.feature, h.k, (h.n - 1)::BIGINT AS n
    FROM others JOIN habits h USING (program, year) ANTI JOIN flat.features USING (form, feature)
    WHERE h.kind = 'has' OR EXISTS (FROM flat.features f WHERE f.form = others.form AND f.kind = h.kind)),
lacking AS (
    SELECT program, year, form,
           list({'kind': kind, 'feature': feature, 'k': k, 'n': n} ORDER BY kind, feature) AS habits
    FROM missed GROUP BY ALL HAVING count(*) > 1),
odd AS MATERIALIZED (
    SELECT item, form, program, habits, CASE WHEN 2 * coalesce(a.k, 0) < a.n THEN g.feature ELSE '' END AS gateway
    FROM lacking JOIN mails USING (program, year, form)
    LEFT JOIN (FROM flat.features WHERE kind = 'gateway') g USING (form)
    LEFT JOIN around a USING (program, year, feature)),
served AS (
    SELECT DISTINCT item FROM flat.hops JOIN flat.mails USING (item) SEMI JOIN odd USING (item) WHERE host = id_host)
SELECT sha256, f.sender, program, habits, date, written_id AS message_id, location, gateway,
       CASE WHEN served.item IS NULL THEN '' ELSE coalesce(i.feature[4:], '') END AS id_form
FROM odd JOIN flat.items USING (item) JOIN flat.mails f USING (item)
LEFT JOIN served USING (item) LEFT JOIN (FROM flat.features WHERE kind = 'id') i ON i.form = odd.form
ORDER BY sha256
"""

_SERVICES = ("Gmail", "Exchange Online")


class Habit(msgspec.Struct, frozen=True):
    """What nearly all mails of the program have, and this one has not."""

    kind: str
    feature: str
    k: int
    n: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that lacks two habits or more."""

    sha256: str
    sender: str
    program: str
    habits: list[Habit]
    date: TimeRow | None
    message_id: LocatedRow
    id_form: str = ""
    """Structures that the id fits, where a server of the trace has the name behind its @."""
    gateway: str = ""
    """The feature that tells which gateway wrote the mail anew, unless half of the program's mails came by it."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Count independent habits; a field of its own is one each, and what a server gave is not the program's."""
    for row in rows:
        served = not SERVERS.isdisjoint(row.id_form.split(" or "))
        own = own_habits([habit.feature for habit in row.habits], served=served, service=row.program in _SERVICES)
        habits = [habit for habit in row.habits if habit.feature in own]
        number = len(set(own.values()))
        name = ("", "", "two", "three", "four")[min(number, 4)]
        if row.program.startswith("id="):
            name = "guessed" if number > 2 else ""
        if name:
            yield _observation(row, habits, name)


def _observation(row: Row, habits: list[Habit], name: str) -> Observation:
    said = tuple([_HABIT(habit=in_words(habit.feature), k=habit.k, n=habit.n) for habit in habits[:8]])
    program = in_words(row.program) if row.program.startswith("id=") else row.program[:100]
    way = gateway((row.gateway,))
    least = min(habits, key=lambda habit: habit.k / habit.n)
    label = "other mails of the program in those years, and how many of them have the rarest of these habits"
    which = {"program": row.program[:200], "habit": least.feature[:200]}
    return Observation(
        sentence=_SAID(program=program, habits=said),
        bin=name,
        evidence=tuple(_evidence(row)),
        suspect="header:Message-ID[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counts(RULE, label, which, n=least.n, k=least.k),),
        benign=(settled("rewritten_on_way", State.EXPLAINS, GATEWAY(gateway=way)),) if way else (),
    )


def _evidence(row: Row) -> Iterator[Evidence]:
    place = (Role.SUSPECT, row.sha256, row.location)
    if row.message_id.start is not None:
        yield cite_located("Message-ID", row.message_id, *place, value=row.message_id.value[:200])
    if row.date is not None:
        yield cite_row("Date", row.date, *place)


def _row(*features: str, **changed: object) -> Row:
    row = Row(
        sha256="0" * 64,
        sender="anna@example.org",
        program="Mutt/1",
        habits=[Habit(one.partition("=")[0], one, 99, 100) for one in sorted(features)],
        date=time_row("2017-03-06T10:00:00+01:00", path="header:Date[0]"),
        message_id=located_row("1@example.org", "header:Message-ID[0]", raw=b"Message-ID: <1@example.org>\r\n"),
        location=location(),
    )
    return msgspec.structs.replace(row, **changed)


def cases() -> Iterator[Case]:
    """Cases of missing habits."""
    yield fires((_row("order=date from", "id=Mutt"),), "another order and another id", bin="two")
    yield fires((_row("order=date from", "has=user-agent", "has=to"),), "and two fields missing", bin="three")
    yield fires((_row("order=date from", "id=Mutt", "charset=bare", "has=to"),), "nothing as usual", bin="four")
    posted = _row("order=date from", "id=Mutt", "mime-name=MIME-Version", gateway="gateway=news")
    yield explained((posted,), "posted by way of a news server", by="rewritten_on_way")
    given = _row("order=date from", "id=Mutt", "id-name=Message-ID", id_form="Exim")
    yield silent((given,), "a server gave the id")
    guess = _row("order=date from", "has=user-agent", "has=to", "charset=bare", program="id=Mutt")
    yield fires((guess,), "an id that a script may have imitated", bin="guessed")
    yield silent((_row("order=date from", "has=to", program="id=Mutt"),), "two habits of a program that is guessed")
    by_gmail = ("has=x-gm-message-state", "has=x-google-dkim-signature", "has=x-received")
    yield silent((_row(*by_gmail),), "sent by way of another provider")
    yield fires((_row(*by_gmail, program="Gmail"),), "Gmail without Gmail's own fields", bin="three")
    yield silent((_row("has=mime-version", "has=content-transfer-encoding", "transfer=7bit"),), "no fields of MIME")
    yield silent((_row("id-name=Message-ID", "mime-name=MIME-Version"),), "a relay that writes names anew")
