"""Explains a file that a mail speaks of and lacks: its sender sent it with another mail of those days.

Whoever forgets a file sends it after the mail; whoever speaks of one that they sent before speaks of that mail's.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import clock, settled
from forensics.checks._files import fits, plain_name
from forensics.examples.cases import Case, explained, observation, silent
from forensics.examples.times import ticks
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

CAUSE = "file_forgotten"
RULE = "mail.named_file_missing"

_SENT = says("note.file_in_other_mail", one="The sender's mail of {date} UTC carries a file “{name}”.")

# A copy of the mail itself that has the file says that it was taken out here, and nothing else.
QUERY = """
WITH lacking AS MATERIALIZED (
    SELECT DISTINCT item, sha256, sender, instant, message_id
    FROM observations JOIN flat.items USING (sha256) JOIN flat.mails USING (item)
    WHERE rule = 'mail.named_file_missing' AND sender <> '' AND instant IS NOT NULL)
SELECT DISTINCT l.sha256, o."name", m.instant
FROM lacking l JOIN flat.mails m ON m.sender = l.sender AND m.item <> l.item
     AND m.message_id IS DISTINCT FROM nullif(l.message_id, '') AND m.instant <> l.instant
     AND m.instant BETWEEN l.instant - 2 * 864000000000 AND l.instant + 2 * 864000000000
JOIN flat.items i ON i.item = m.item JOIN occurrences o ON o.message_sha256 = i.sha256
WHERE o."name" <> '' ORDER BY l.sha256, m.instant, o."name"
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that lacks a file, and a file of another mail of its sender within two days."""

    sha256: str
    name: str
    instant: int
    """Of the other mail."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where a file of that name is in another mail."""
    files: dict[str, list[Row]] = {}
    for row in rows:
        files.setdefault(row.sha256, []).append(row)
    for index, seen in enumerate(observations):
        wanted = plain_name(seen.keys.get("name", "")) if seen.rule == RULE else ""
        for row in files.get(seen.subjects[0].sha256, ()) if wanted else ():
            if fits(wanted, plain_name(row.name)):
                note = _SENT(date=clock(row.instant)[:16], name=row.name[:120])
                yield index, settled(CAUSE, State.EXPLAINS, note)
                break


def cases() -> Iterator[Case]:
    """Cases of the file in another mail, and of other files."""
    row = Row(sha256="0" * 64, name="Budget_2017.xlsx", instant=ticks("2017-03-06T11:00:00Z"))

    def lacks(name: str, rule: str = RULE) -> tuple[Observation, ...]:
        return (observation(rule, bin="named", keys={"name": name} if name else {}),)

    yield explained((row,), "sent an hour later", by=CAUSE, observations=lacks("Budget 2017.xlsx"))
    yield silent((row,), "another file", observations=lacks("Minutes.docx"))
    yield silent((row,), "a phrase without a name", observations=lacks(""))
    yield silent((row,), "another rule", observations=lacks("Budget 2017.xlsx", "case.body_hash"))
