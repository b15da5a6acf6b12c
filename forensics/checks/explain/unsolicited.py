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
WITH mails AS MATERIALIZED (
    SELECT item, message_id, sender, lower(list_id) AS list, arrived, coalesce(organization, '') AS entry
    FROM flat.mails LEFT JOIN flat.organizations ON "name" = first_hop),
seen AS (
    SELECT item, sha256 FROM flat.items
    SEMI JOIN (SELECT DISTINCT sha256 FROM observations WHERE rule NOT LIKE 'case.%') USING (sha256)),
shared AS (SELECT message_id FROM mails WHERE message_id <> '' GROUP BY message_id HAVING count(*) > 1),
wanted AS MATERIALIZED (
    SELECT item, item AS mail FROM mails SEMI JOIN seen USING (item)
    UNION SELECT item, item FROM mails SEMI JOIN shared USING (message_id)
    UNION SELECT s.item, m.item FROM (SELECT * FROM seen ANTI JOIN mails USING (item)) s
    JOIN occurrences o ON o.sha256 = s.sha256 AND o.message_sha256 <> ''
    JOIN flat.items m ON m.sha256 = o.message_sha256),
own AS MATERIALIZED (
    SELECT * FROM mails WHERE sender <> '' AND item IN (SELECT mail FROM wanted)),
answers AS (
    SELECT item, count(DISTINCT o.message_id) AS n FROM own w JOIN flat.links l USING (item)
    JOIN mails o ON o.message_id = l.id WHERE o.sender NOT IN ('', w.sender) GROUP BY item),
answered AS (
    SELECT o.item, count(DISTINCT l.item) AS n FROM own o JOIN flat.links l ON l.id = o.message_id
    JOIN mails a ON a.item = l.item WHERE a.sender NOT IN ('', o.sender) AND o.message_id NOT IN (FROM shared)
    GROUP BY o.item),
read AS MATERIALIZED (
    SELECT item, address AS reader FROM flat.parties
    WHERE field IN ('to', 'cc', 'bcc') AND address <> '' AND address IN (SELECT sender FROM own)),
written AS (
    SELECT reader AS sender, count(DISTINCT message_id) AS n FROM read JOIN mails USING (item)
    WHERE mails.sender NOT IN ('', reader) GROUP BY reader),
ways AS (SELECT sender, entry, count(*) AS n FROM mails WHERE entry <> '' GROUP BY sender, entry),
lists AS (SELECT list, count(*) AS n FROM mails WHERE list <> '' GROUP BY list),
members AS (
    SELECT list, sender, count(*) AS n, (max(arrived) - min(arrived)) // 864000000000 AS days
    FROM mails WHERE list <> '' GROUP BY list, sender)
SELECT i.sha256, h.sha256 AS mail, coalesce(a.n, 0) AS answers, coalesce(b.n, 0) AS answered,
       CASE WHEN v.n > 1 AND NOT EXISTS (FROM read r WHERE r.item = o.item AND r.reader = o.sender)
            THEN coalesce(t.n, 0) ELSE 0 END AS written,
       coalesce(o.list, '') AS list, coalesce(c.n, 0) AS list_mails, coalesce(m.n - 1, 0) AS own_mails,
       coalesce(m.days, 0) AS own_days
FROM wanted w JOIN flat.items i USING (item) JOIN flat.items h ON h.item = w.mail LEFT JOIN own o ON o.item = w.mail
LEFT JOIN answers a ON a.item = w.mail
LEFT JOIN answered b ON b.item = w.mail
LEFT JOIN written t ON t.sender = o.sender
LEFT JOIN ways v ON v.sender = o.sender AND v.entry = o.entry
LEFT JOIN lists c ON c.list = o.list
LEFT JOIN members m ON m.list = o.list AND m.sender = o.sender
ORDER BY w.item, w.mail
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
