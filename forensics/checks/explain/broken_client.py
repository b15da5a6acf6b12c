"""Excludes a faulty program where other mails by it (by the sender, where none is named) lack the fault."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, observation, silent
from forensics.model.presence.message import MessageHas
from forensics.model.rules import BenignState, Context, Observation, Role, State
from forensics.model.sentences import says

CAUSE = "broken_client"

_PROGRAM_CLEAN = says(
    "note.program_clean",
    one=(
        "Other mails that name the same program (from the same sender, where no program is named) do not show "
        "the fault, though all of them could. Such mails in this archive: {n}."
    ),
)

LEAST_MAILS = 5
"""Other mails of the program without the fault; that many show it is a habit, which grading weighs."""

_POWER = {
    "mail.date_weekday": MessageHas.DATE | MessageHas.WEEKDAY,
    "mail.offset_unknown": MessageHas.DATE_INSTANT | MessageHas.DATE_OFFSET,
    "case.message_id_reuse": MessageHas.MESSAGE_ID,
}

QUERY = f"""
WITH mails AS (
    SELECT item, message_id, CASE WHEN client <> '' THEN lower(client) ELSE sender END AS program,
           (mask & {int(_POWER["mail.date_weekday"])}) = {int(_POWER["mail.date_weekday"])} AS weekday,
           (mask & {int(_POWER["mail.offset_unknown"])}) = {int(_POWER["mail.offset_unknown"])} AS known
    FROM flat.mails),
repeated AS (SELECT message_id FROM mails WHERE message_id <> '' GROUP BY ALL HAVING count(*) > 1),
odd AS (
    SELECT item FROM observations JOIN flat.items USING (sha256)
    WHERE rule IN ('mail.date_weekday', 'mail.offset_unknown')
    UNION SELECT item FROM mails SEMI JOIN repeated USING (message_id)),
wanted AS MATERIALIZED (FROM mails SEMI JOIN odd USING (item) WHERE program <> ''),
programs AS (
    SELECT program, count(*) AS n, count(*) FILTER (weekday) AS weekdays, count(*) FILTER (known) AS offsets,
           count(DISTINCT message_id) FILTER (message_id <> '') AS identifiers
    FROM mails SEMI JOIN wanted USING (program) GROUP BY program)
SELECT sha256, program, weekdays - weekday::INTEGER AS weekdays, offsets - known::INTEGER AS offsets,
       identifiers - (message_id <> '')::INTEGER AS identifiers
FROM wanted JOIN programs USING (program) JOIN flat.items USING (item)
WHERE n > 1 ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One observed mail, and how many other mails of its program could have shown the same fault."""

    sha256: str
    program: str
    """As the mail names it; the sender's address where it names none."""
    weekdays: int
    offsets: int
    identifiers: int


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Exclude the cause where five or more other mails could have shown the same fault and none does."""
    known = {row.sha256: row for row in rows}
    hits: dict[tuple[str, str], set[int]] = {}
    for index, seen in enumerate(observations):
        if not any(state.state is State.EXPLAINS for state in seen.benign):
            for row in _of(seen, known):
                hits.setdefault((seen.rule, row.program), set()).add(index)
    for index, seen in enumerate(observations):
        groups = _of(seen, known)
        if any(state.cause == CAUSE and state.state is State.EXPLAINS for state in seen.benign):
            continue
        if not groups or len(groups) < sum(subject.role is not Role.WITNESS for subject in seen.subjects):
            continue
        clean = [_others(seen.rule, row) for row in groups]
        shown = {other for row in groups for other in hits.get((seen.rule, row.program), ())}
        if min(clean) >= LEAST_MAILS and shown <= {index}:
            yield index, settled(CAUSE, State.EXCLUDED, _PROGRAM_CLEAN(n=min(clean)))


def _of(seen: Observation, known: dict[str, Row]) -> list[Row]:
    items = sorted({subject.sha256 for subject in seen.subjects if subject.role is not Role.WITNESS})
    return [known[item] for item in items if item in known]


def _others(rule: str, row: Row) -> int:
    counts = {"mail.date_weekday": row.weekdays, "mail.offset_unknown": row.offsets}
    return counts.get(rule, row.identifiers if rule == "case.message_id_reuse" else 0)


def _row(number: int, others: int) -> Row:
    return Row(
        sha256=f"{number:064}",
        program="mutt",
        weekdays=others,
        offsets=others,
        identifiers=others,
    )


def cases() -> Iterator[Case]:
    """Cases that exclude the cause, and that leave it open; what many mails show is a habit."""
    first, second = [observation("mail.date_weekday", sha256=f"{number:064}") for number in (1, 2)]
    yield silent((_row(1, 6),), "excluded: six other mails of the program name the true weekday", observations=(first,))
    yield silent((_row(1, 4),), "open: four other mails are too few", observations=(first,))
    yield silent((_row(1, 6), _row(2, 6)), "open: another mail shows it too", observations=(first, second))
    yield silent((), "open: a mail without sender", observations=(first,))
