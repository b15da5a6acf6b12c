"""Excludes that the mail is spam by a stranger where the archive shows that the sender is a correspondent.

Nothing here explains: neither words nor a filter's verdict make a mail spam, and that its sender is unknown to an
archive is no proof either. An address alone is not enough to exclude, since spam borrows addresses, the owner's above
all, and lists hand spam on: the sender must take part in a thread, or their address must be written to by others and
keep its way in, or write to a list for a month and more.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, observation, silent
from forensics.model.rules import BenignState, Context, Observation, Role, State
from forensics.model.sentences import Value, says

CAUSE = "unsolicited"

_ANSWERS = says(
    "note.answers",
    one="It answers other people's mail. Mails from other senders in this archive that it names as answered: {n}.",
)
_ANSWERED = says(
    "note.answered",
    one="Others answered it. Mails from other senders in this archive that name it as answered: {n}.",
)
_CORRESPONDENT = says(
    "note.correspondent",
    one=(
        "The sender's address belongs to a correspondent, and other mails from it came in through servers of the "
        "same domain. Mails from others in this archive that are addressed to it: {n}."
    ),
)
_LIST_MEMBER = says(
    "note.list_member",
    one=(
        "The sender's address wrote to the list {list} over {days} days. Its other mails there, among the list's "
        "{n} in this archive: {k}."
    ),
)

LEAST_LIST, LEAST_OWN, LEAST_DAYS = 20, 3, 30
"""Mails of a list in the archive, the sender's other mails among them, and days over which these arrived."""

QUERY = r"""
WITH mails AS (
    SELECT sha256, message_id.value AS message_id, lower(from_address) AS sender, lower(list_id) AS list, arrived,
           coalesce(organization, '') AS entry, in_reply_to, "references",
           [lower(p.address) FOR p IN parties IF p.field IN ('to', 'cc', 'bcc') AND p.address <> ''] AS readers
    FROM messages LEFT JOIN flat.organizations ON "name" = lower(first_hop)),
seen AS (SELECT DISTINCT sha256 FROM observations WHERE rule NOT LIKE 'case.%'),
shared AS (SELECT message_id FROM mails WHERE message_id <> '' GROUP BY message_id HAVING count(*) > 1),
wanted AS (
    SELECT sha256, sha256 AS mail FROM mails
    WHERE sha256 IN (FROM seen) OR message_id IN (FROM shared)
    UNION
    SELECT sha256, message_sha256 FROM occurrences
    WHERE sha256 IN (FROM seen) AND message_sha256 <> '' AND sha256 NOT IN (SELECT sha256 FROM mails)),
own AS (SELECT * FROM mails WHERE sender <> '' AND sha256 IN (SELECT mail FROM wanted)),
links AS (SELECT sha256, sender, unnest(list_distinct(list_concat(in_reply_to, "references"))) AS id FROM mails),
answers AS (
    SELECT l.sha256, count(DISTINCT o.message_id) AS n FROM links l JOIN mails o ON o.message_id = l.id
    WHERE l.sha256 IN (SELECT sha256 FROM own) AND o.sender NOT IN ('', l.sender) GROUP BY l.sha256),
answered AS (
    SELECT o.sha256, count(DISTINCT l.sha256) AS n FROM own o JOIN links l ON l.id = o.message_id
    WHERE l.sender NOT IN ('', o.sender) AND o.message_id NOT IN (FROM shared) GROUP BY o.sha256),
posts AS (SELECT sha256, message_id, sender, unnest(list_distinct(readers)) AS reader FROM mails WHERE sender <> ''),
written AS (
    SELECT reader AS sender, count(DISTINCT message_id) AS n FROM posts WHERE sender <> reader GROUP BY reader),
ways AS (SELECT sender, entry, count(*) AS n FROM mails WHERE entry <> '' GROUP BY sender, entry),
lists AS (SELECT list, count(*) AS n FROM mails WHERE list <> '' GROUP BY list),
members AS (
    SELECT list, sender, count(*) AS n, (max(arrived) - min(arrived)) // 864000000000 AS days
    FROM mails WHERE list <> '' GROUP BY list, sender)
SELECT w.sha256, w.mail, coalesce(a.n, 0) AS answers, coalesce(b.n, 0) AS answered,
       CASE WHEN v.n > 1 AND NOT list_contains(o.readers, o.sender) THEN coalesce(t.n, 0) ELSE 0 END AS written,
       coalesce(o.list, '') AS list, coalesce(c.n, 0) AS list_mails, coalesce(m.n - 1, 0) AS own_mails,
       coalesce(m.days, 0) AS own_days
FROM wanted w LEFT JOIN own o ON o.sha256 = w.mail
LEFT JOIN answers a ON a.sha256 = w.mail
LEFT JOIN answered b ON b.sha256 = w.mail
LEFT JOIN written t ON t.sender = o.sender
LEFT JOIN ways v ON v.sender = o.sender AND v.entry = o.entry
LEFT JOIN lists c ON c.list = o.list
LEFT JOIN members m ON m.list = o.list AND m.sender = o.sender
ORDER BY w.sha256, w.mail
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One item that a rule on one item saw something in, and what the archive knows of its mail's sender."""

    sha256: str
    mail: str
    answers: int
    """Mails by others that it answers."""
    answered: int
    """Mails by others that answer it; none is counted where other mails carry its identifier too."""
    written: int
    """Mails by others to the sender, where their address came by the same servers before and is none of the readers."""
    list: str
    list_mails: int
    own_mails: int
    """The sender's other mails of the list."""
    own_days: int
    """Between the sender's first and last mail of the list, this one included."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Exclude the cause where every accused mail, or mail that carries an accused item, is a correspondent's."""
    carriers: dict[str, list[BenignState | None]] = {}
    for row in rows:
        carriers.setdefault(row.sha256, []).append(_exclude(row))
    for index, seen in enumerate(observations):
        accused = [subject.sha256 for subject in seen.subjects if subject.role is not Role.WITNESS]
        states = [state for item in accused for state in carriers.get(item, [None])]
        first = states[0] if states else None
        if first is not None and None not in states:
            yield index, first


def _exclude(row: Row) -> BenignState | None:
    if row.answers:
        return settled(CAUSE, State.EXCLUDED, _ANSWERS(n=row.answers))
    if row.answered:
        return settled(CAUSE, State.EXCLUDED, _ANSWERED(n=row.answered))
    if row.written:
        return settled(CAUSE, State.EXCLUDED, _CORRESPONDENT(n=row.written))
    if row.list_mails >= LEAST_LIST and row.own_mails >= LEAST_OWN and row.own_days >= LEAST_DAYS:
        values: dict[str, Value] = {"k": row.own_mails, "n": row.list_mails, "list": row.list, "days": row.own_days}
        return settled(CAUSE, State.EXCLUDED, _LIST_MEMBER(**values))
    return None


def _row(*, mail: str = "0", answers: int = 0, answered: int = 0, written: int = 0, own: int = 0, days: int = 0) -> Row:
    return Row(
        sha256="0" * 64,
        mail=mail * 64,
        answers=answers,
        answered=answered,
        written=written,
        list="board.example",
        list_mails=200,
        own_mails=own,
        own_days=days,
    )


def cases() -> Iterator[Case]:
    """Cases that exclude the cause, and that leave it open; none explains."""
    seen = (observation(),)
    yield silent((_row(answers=1),), "excluded: it answers another's mail", observations=seen)
    yield silent((_row(answered=2),), "excluded: two others answer it", observations=seen)
    yield silent((_row(written=4),), "excluded: others write to its sender", observations=seen)
    yield silent((_row(own=9, days=90),), "excluded: a list's member for three months", observations=seen)
    yield silent((_row(own=9, days=2),), "open: ten mails to a list within two days", observations=seen)
    yield silent((_row(answers=1), _row(mail="1")), "open: one of two carriers is a stranger's", observations=seen)
    yield silent((_row(),), "open: nothing is known of the sender", observations=seen)
