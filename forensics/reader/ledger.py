"""The ledger of an archive: its mailboxes by month, what they hold, and what is missing by their own mails and numbers.

DuckDB counts; what comes out is a line for each mailbox and month, whatever the number of mails.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from forensics.casestore import Queries
from forensics.knowledge.missing_threads import share
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.ledger import Ledger, LedgerLine, LedgerReach
from forensics.model.locations import StepKind
from forensics.reader.chance import ACTIVE_DAYS, marks, silence
from forensics.reader.lines import Lines
from forensics.stages.grading.origin import OF_LISTS

QUIET_DAYS = 14
"""A mailbox begins anew after so long a silence, and what its mails of the next so many days answer may be older: nine
of ten replies are written within ten days."""
NUMBERED_MONTHS = 3
"""Of a mailbox, below which no month's numbers are held against those of the others: of so few the median is none."""
LARGEST = 6
"""Mailboxes that a report draws."""
AROUND_DAYS = 180
"""On either side of a silence, of which the days with mail are counted."""
_DAY = 86_400 * TICKS_PER_SECOND
_MONTH = "strftime(make_timestamp(day * 86400000000), '%Y-%m')"

_LAYERS = f"( > ({StepKind.UNQUOTED}|{StepKind.STREAM}):[^>]*)+$"
_PLACED = f"""
    SELECT sha256, source, place, regexp_extract(place, '^(.*)(?: > |/)[^/>]*$', 1) AS mailbox
    FROM (SELECT sha256, source, regexp_replace(location_text, '{_LAYERS}', '') AS place
          FROM occurrences WHERE message_sha256 = '')
"""
_STANDING = f"""
WITH placed AS ({_PLACED}),
alone AS (
    SELECT source, mailbox FROM placed WHERE regexp_matches(place, ' > {StepKind.MBOX_MESSAGE}:[0-9]+$')
    GROUP BY ALL HAVING count(*) = 1)
SELECT sha256, p.source, CASE WHEN a.mailbox IS NULL THEN p.mailbox
           ELSE regexp_extract(p.mailbox, '^(.*)(?: > |/)[^/>]*$', 1) END AS mailbox,
       regexp_extract(CASE WHEN a.mailbox IS NULL THEN place ELSE p.mailbox END, '[^/>]*$') AS "name"
FROM placed p LEFT JOIN alone a ON a.source = p.source AND a.mailbox = p.mailbox
"""
"""Everything outside mails; a file that holds a single mail as a mailbox does is that mail."""
_MAILBOXES = """
SELECT source, mailbox, (row_number() OVER (ORDER BY count(*) DESC, source, mailbox))::INTEGER AS box,
       count(*) AS mails,
       CASE WHEN 2 * count(*) FILTER (mask & $list <> 0) >= count(*) THEN 'list'
            WHEN 2 * count(*) FILTER (hops > 0) >= count(*) THEN 'direct' ELSE 'exported' END AS route
FROM (SELECT DISTINCT source, mailbox, sha256 FROM {standing})
JOIN flat.items USING (sha256) JOIN flat.mails USING (item) GROUP BY source, mailbox
"""
_MAILS = f"""
WITH dated AS (
    SELECT item, (moment - ((moment % {_DAY}) + {_DAY}) % {_DAY}) // {_DAY} AS day
    FROM (SELECT item, coalesce(instant, wall, arrived) AS moment FROM flat.mails)),
told AS (
    SELECT t.sha256, thread, CASE WHEN list_has_any("by", ['in_reply_to', 'references']) THEN t.parent END AS answered
    FROM threads t)
SELECT box, item, day, coalesce({_MONTH}, '') AS month, any_value(told.thread) AS thread,
       any_value(answered) AS answered, any_value(g.number) IS NOT NULL AS missing
FROM {{standing}} JOIN {{mailboxes}} USING (source, mailbox) JOIN flat.items USING (sha256) JOIN dated USING (item)
LEFT JOIN told USING (sha256) LEFT JOIN ghosts g ON g.number = answered GROUP BY box, item, day
"""
_NUMBERED = """
WITH held AS (
    SELECT box, '' AS numbered_by, sha256,
           TRY_CAST(regexp_extract("name", '^[A-Za-z _-]*([0-9]{{1,9}})(?:[^0-9A-Za-z]|$)', 1) AS INTEGER) AS number
    FROM {standing} JOIN {mailboxes} USING (source, mailbox)
    UNION ALL
    SELECT box, numbered_by, sha256, number
    FROM {standing} JOIN {mailboxes} USING (source, mailbox) JOIN flat.items USING (sha256)
    JOIN flat.list_numbers USING (item)
    UNION ALL
    SELECT box, 'uid', sha256,
           coalesce(TRY_CAST(regexp_extract("name", '^[0-9].*,U=([0-9]{{1,9}})(?:[,:;!]|$)', 1) AS INTEGER), u.number)
    FROM {standing} JOIN {mailboxes} USING (source, mailbox) JOIN flat.items USING (sha256)
    LEFT JOIN (SELECT item, number FROM flat.given_numbers WHERE kind = 'uid') u USING (item)),
written AS (
    SELECT box, numbered_by, number, max(month) AS month
    FROM held LEFT JOIN flat.items USING (sha256) LEFT JOIN {mails} USING (box, item) GROUP BY ALL),
steps AS (
    SELECT *, coalesce(lead(number) OVER (PARTITION BY box, numbered_by ORDER BY number) - number, 1) AS step
    FROM written WHERE number IS NOT NULL),
counters AS (
    SELECT box, numbered_by, CASE WHEN numbered_by = '' THEN 0 WHEN 2 * count(*) < any_value(mails) THEN -1
                                  WHEN numbered_by = 'uid' THEN 1 ELSE 2 END AS rank
    FROM steps JOIN {mailboxes} USING (box) GROUP BY box, numbered_by
    HAVING count(*) >= 10 AND 2 * count(*) FILTER (step = 1) >= count(*) AND (numbered_by <> '' OR
        20 * (SELECT count(*) FROM written w WHERE w.box = steps.box AND numbered_by = '' AND number IS NULL)
        <= count(*))),
chosen AS (
    SELECT box, numbered_by FROM counters
    WHERE rank >= 0 QUALIFY rank = max(rank) OVER (PARTITION BY box))
SELECT box, month, count(*) AS numbers, sum(step - 1)::BIGINT AS missing
FROM (SELECT box, step, last_value(month IGNORE NULLS) OVER (PARTITION BY box, numbered_by ORDER BY number) AS month
      FROM steps SEMI JOIN chosen USING (box, numbered_by))
WHERE month IS NOT NULL GROUP BY box, month
"""
"""A counter is one whose numbers mostly follow each other: of a list that numbered at least half of the mails, else of
the mailbox (UIDs) that numbered as many, else of nearly all files' names. Numbers that are left out are told of the
month before."""
_LINES = f"""
WITH days AS (SELECT DISTINCT box, day FROM {{mails}} WHERE day IS NOT NULL),
spans AS (
    SELECT box, day, lag(day) OVER each AS previous, lead(day) OVER each AS next,
           count(*) OVER half_year_before AS before, count(*) OVER half_year_after AS after,
           day - min(day) OVER (PARTITION BY box) + 1 AS since, max(day) OVER (PARTITION BY box) - day + 1 AS until
    FROM days WINDOW each AS (PARTITION BY box ORDER BY day),
        half_year_before AS (PARTITION BY box ORDER BY day RANGE BETWEEN {AROUND_DAYS} PRECEDING AND CURRENT ROW),
        half_year_after AS (PARTITION BY box ORDER BY day RANGE BETWEEN CURRENT ROW AND {AROUND_DAYS} FOLLOWING)),
stretches AS (
    SELECT *, max(CASE WHEN previous IS NULL OR day - previous > {QUIET_DAYS} THEN day END)
                  OVER (PARTITION BY box ORDER BY day) AS begun,
           next - day - 1 AS silent, lead(after) OVER each AS after_it, lead(until) OVER each AS until_end
    FROM spans WINDOW each AS (PARTITION BY box ORDER BY day)),
silences AS (
    SELECT box, {_MONTH} AS month, coalesce(max(silent), 0) AS silent_days,
           strftime(make_timestamp((arg_max(day, silent) + 1) * 86400000000), '%Y-%m-%d') AS silent_from,
           arg_max(before / least({AROUND_DAYS + 1}, since), silent) AS active_before,
           arg_max(after_it / least({AROUND_DAYS + 1}, until_end), silent) AS active_after,
           arg_max(least(before, after_it), silent) AS active, count(*) AS days
    FROM stretches GROUP BY box, month),
answers AS (
    SELECT m.*, coalesce(m.day - begun >= {QUIET_DAYS}, false) AND answered IS NOT NULL AS counts
    FROM {{mails}} m LEFT JOIN stretches s ON s.box = m.box AND s.day = m.day),
months AS (
    SELECT box, month, count(*) AS mails, count(DISTINCT answered) AS answered,
           count(DISTINCT answered) FILTER (missing) AS missing,
           count(DISTINCT thread) FILTER (counts) AS threads,
           count(DISTINCT thread) FILTER (counts AND missing) AS incomplete
    FROM answers GROUP BY box, month)
SELECT source, mailbox, route, month, m.mails, answered, m.missing, threads, incomplete,
       (sum(threads) OVER each - threads)::BIGINT AS other_threads,
       (sum(incomplete) OVER each - incomplete)::BIGINT AS other_incomplete,
       coalesce(numbers, 0) AS numbers, coalesce(n.missing, 0) AS numbers_missing,
       median(n.missing / (numbers + n.missing)) OVER each AS numbers_share,
       count(numbers) OVER each AS numbered_months,
       coalesce(silent_days, 0) AS silent_days, coalesce(silent_from, '') AS silent_from,
       coalesce(active_before, 0.0) AS active_before, coalesce(active_after, 0.0) AS active_after,
       coalesce(active, 0) AS active, coalesce(sum(days) OVER (), 0)::BIGINT AS days, count(*) OVER () AS months
FROM months m JOIN {{mailboxes}} USING (box) LEFT JOIN ({{numbered}}) n USING (box, month)
LEFT JOIN silences USING (box, month) WINDOW each AS (PARTITION BY box) ORDER BY box, month
"""
_REACH = """
SELECT count(*) AS mails, count(*) FILTER (answers) AS answering, (SELECT count(*) FROM ghosts) AS missing,
       count(*) = 0 OR EXISTS (SELECT 1 FROM threads) AS judged,
       (SELECT count(*) FROM occurrences WHERE status IN ('unread', 'partial')) AS unread
FROM (SELECT sha256, bool_or(list_has_any("by", ['in_reply_to', 'references'])) AS answers
      FROM messages LEFT JOIN threads USING (sha256)
      WHERE sha256 IN (SELECT sha256 FROM occurrences WHERE message_sha256 = '') GROUP BY sha256) ORDER BY mails
"""


class _Row(msgspec.Struct, frozen=True):
    source: str
    mailbox: str
    route: str
    month: str
    mails: int
    answered: int
    missing: int
    threads: int
    incomplete: int
    other_threads: int
    other_incomplete: int
    numbers: int
    numbers_missing: int
    numbers_share: float | None
    numbered_months: int
    silent_days: int
    silent_from: str
    active_before: float
    active_after: float
    active: int
    days: int
    months: int


def read_ledger(queries: Queries, leave_out: tuple[str, ...] = (), *, marked: bool = False) -> Lines[LedgerLine]:
    """Return a line for each mailbox and month: mailboxes with most mails first, then by place; months in their order.

    Args:
        queries: of the case.
        leave_out: reference corpora that are not used.
        marked: only months that show more than chance allows.
    """

    def read(most: int | None) -> Iterator[LedgerLine]:
        lines = (_line(row, leave_out) for row in _rows(queries))
        return islice((line for line in lines if line.marks or not marked), most)

    return Lines(read, lambda: sum(1 for _ in read(None)))


def read_largest(queries: Queries, leave_out: tuple[str, ...] = (), *, most: int = LARGEST) -> Ledger:
    """Return the months of the mailboxes with most mails, and what all of them show.

    Args:
        queries: of the case.
        leave_out: reference corpora that are not used.
        most: mailboxes whose months are returned.
    """
    kept: list[LedgerLine] = []
    mailboxes = marked = 0
    shown = None
    for line in read_ledger(queries, leave_out):
        if (line.source, line.mailbox) != shown:
            shown = (line.source, line.mailbox)
            mailboxes += 1
        marked += bool(line.marks)
        if mailboxes <= most:
            kept.append(line)
    return Ledger(reach=read_reach(queries), months=tuple(kept), mailboxes=mailboxes, marked=marked)


def read_reach(queries: Queries) -> LedgerReach:
    """Return what a ledger can rest on."""
    return next(iter(queries.rows(_REACH, {}, LedgerReach)))


def _rows(queries: Queries) -> Iterator[_Row]:
    with queries.kept(_STANDING, {}) as standing:
        names: Mapping[str, str] = {"standing": standing}
        with queries.kept(_MAILBOXES.format_map(names), OF_LISTS) as mailboxes:
            names = {**names, "mailboxes": mailboxes}
            with queries.kept(_MAILS.format_map(names), {}) as mails:
                names = {**names, "mails": mails}
                numbered = _NUMBERED.format_map(names)
                yield from queries.rows(_LINES.format_map({**names, "numbered": numbered}), {}, _Row)


def _line(row: _Row, leave_out: tuple[str, ...]) -> LedgerLine:
    own = row.other_incomplete / row.other_threads if row.other_threads else 0.0
    expected = max(own, share(row.route, leave_out))
    numbers = None
    if row.numbers_share is not None and row.numbered_months >= NUMBERED_MONTHS:
        numbers = (row.numbers_missing, row.numbers + row.numbers_missing, row.numbers_share)
    testable = row.active >= ACTIVE_DAYS
    chance = silence(row.silent_days, row.active_before, row.active_after) if testable else 1.0
    return LedgerLine(
        source=row.source,
        mailbox=row.mailbox,
        month=row.month,
        mails=row.mails,
        answered=row.answered,
        missing=row.missing,
        threads=row.threads,
        incomplete=row.incomplete,
        expected=round(expected, 4),
        numbers=row.numbers,
        numbers_missing=row.numbers_missing,
        silent_days=row.silent_days,
        silent_from=row.silent_from if row.silent_days else "",
        marks=marks(
            tests=row.months,
            threads=(row.incomplete, row.threads, expected),
            numbers=numbers,
            silences=(chance, row.days),
        ),
    )
