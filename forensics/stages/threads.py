"""Which mail answers which, and which messages are named and missing.

Mails say it themselves (In-Reply-To, References); where one names nobody, the Thread-Index of Outlook and Exchange
tells the mail that it answers, or else a subject with a reply mark: the newest mail of that subject, of the thirty days
before, that one of its readers wrote. Such links are weaker, and their row says what they rest on.
"""

from collections.abc import Iterator, Mapping

import msgspec

from forensics.checks._subjects import bare_sql, bare_subject, replies_sql
from forensics.model.rows.threads import GhostRow, ThreadRow
from forensics.relations.forest import NONE, Forest
from forensics.stages.stage import Settings, Tables, Write

NAME = "threads"
VERSION = 1
READS = ("messages", "occurrences")
WRITES = ("threads", "ghosts")
TAKES = ()
ROWS_NEEDED: Mapping[str, int] = {}

# A mail without Message-ID is a message of its own; chr(1) stands in no Message-ID.
_MESSAGES = """
named AS (SELECT DISTINCT id FROM flat.links WHERE id <> ''),
of_mails AS MATERIALIZED (
    SELECT item, CASE WHEN message_id <> '' THEN message_id ELSE chr(1) || item END AS id FROM flat.mails),
messages_here AS MATERIALIZED (
    SELECT id, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS number
    FROM (SELECT id FROM named UNION SELECT id FROM of_mails))
"""
_LINKS = f"""
WITH {_MESSAGES},
numbered AS MATERIALIZED (SELECT item, number FROM of_mails JOIN messages_here USING (id)),
links AS (
    SELECT item, list(number ORDER BY place) FILTER (reply) AS answers,
           list(number ORDER BY place) FILTER (NOT reply) AS "references"
    FROM flat.links JOIN messages_here USING (id) GROUP BY item),
indexed AS MATERIALIZED (
    SELECT item, min(hex(TRY(from_base64(decode("time".raw))))) AS entry FROM flat.stamps
    WHERE kind = 'thread_begun' GROUP BY item),
begun AS (SELECT entry, min(number) AS number FROM indexed JOIN numbered USING (item) GROUP BY entry),
titled AS MATERIALIZED (
    SELECT item, number, sender, instant, {bare_sql("subject")} AS title,
           {replies_sql("subject")} AS answers
    FROM flat.mails JOIN numbered USING (item) WHERE instant IS NOT NULL AND subject <> ''),
readers AS (
    SELECT DISTINCT item, t.instant, title, address FROM titled t JOIN flat.parties p USING (item)
    WHERE answers AND length(title) >= 4 AND p.field IN ('to', 'cc') AND address <> ''
          AND item NOT IN (SELECT item FROM links)),
subjects AS (
    SELECT r.item, arg_max(t.number, t.instant) AS number
    FROM readers r ASOF JOIN titled t ON r.title = t.title AND r.address = t.sender AND r.instant > t.instant
    WHERE r.instant - t.instant < 30 * 864000000000 GROUP BY r.item)
SELECT m.number, coalesce(answers, []) AS answers, coalesce("references", []) AS "references",
       b.number AS indexed, s.number AS titled
FROM numbered m LEFT JOIN links l USING (item) LEFT JOIN indexed i USING (item)
LEFT JOIN begun b ON b.entry = i.entry[:length(i.entry) - 10] AND length(i.entry) > 44
LEFT JOIN subjects s USING (item) JOIN flat.items USING (item)
ORDER BY m.number, sha256
"""
_MAILS = f"""
WITH {_MESSAGES} SELECT number, sha256 FROM of_mails JOIN messages_here USING (id) JOIN flat.items USING (item)
ORDER BY number, sha256
"""
_SIZE = f"WITH {_MESSAGES} SELECT count(*)::INTEGER AS messages FROM messages_here"
_GHOSTS = f"""
WITH {_MESSAGES},
missing AS MATERIALIZED (SELECT id, number FROM messages_here ANTI JOIN of_mails USING (id)),
named_by AS (
    SELECT number, missing.id, sha256, instant, subject, reply OR (last AND NOT answers) AS answers
    FROM missing JOIN flat.links l USING (id) JOIN flat.mails USING (item) JOIN flat.items USING (item)
    JOIN (SELECT item, bool_or(reply) AS answers FROM flat.links GROUP BY item) USING (item)),
each AS (
    SELECT number, id, sha256, any_value(instant) AS instant, any_value(subject) AS subject, bool_or(answers) AS answers
    FROM named_by GROUP BY number, id, sha256)
SELECT number, id, count(*) AS mentions, count(*) FILTER (answers) AS replies, min(instant) AS first,
       max(instant) AS last, first(subject ORDER BY answers DESC, instant, sha256) AS subject,
       first(sha256 ORDER BY answers DESC, instant, sha256) AS named_by
FROM each GROUP BY number, id ORDER BY number
"""


_EVIDENCE = ("in_reply_to", "references", "thread_index", "subject")


class _Size(msgspec.Struct, frozen=True):
    messages: int


class _Links(msgspec.Struct, frozen=True):
    """What a mail says of those before it, as numbers."""

    number: int
    answers: list[int]
    references: list[int]
    indexed: int | None
    titled: int | None

    @property
    def parents(self) -> Iterator[int]:
        """Those that it may answer, the best first."""
        yield from self.answers[:1]
        yield from self.references[-1:]
        if not self.answers and not self.references:
            yield from (one for one in (self.indexed, self.titled) if one is not None)

    def evidence(self, parent: int) -> int:
        """Return what says that it answers a message: the bits of `_EVIDENCE`."""
        says = (parent in self.answers, parent in self.references[-1:], parent == self.indexed, parent == self.titled)
        return sum([1 << place for place, says_so in enumerate(says) if says_so])


class _Mail(msgspec.Struct, frozen=True):
    number: int
    sha256: str


class _Missing(msgspec.Struct, frozen=True):
    number: int
    id: str
    mentions: int
    replies: int
    first: int | None
    last: int | None
    subject: str
    named_by: str


def loads() -> tuple[str, ...]:
    """Return nothing: it imports no module by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Number all messages, here or missing, and put each under the one that it answers."""
    (size,) = [row.messages for row in tables.rows(_SIZE, {}, _Size)]
    absent = bytearray(b"\1") * size
    for mail in tables.rows(_MAILS, {}, _Mail):
        absent[mail.number] = 0
    forest, evidence = Forest(size), bytearray()
    for links in tables.rows(_LINKS, {}, _Links):
        forest.chain([*links.references, *links.answers[:1], links.number], absent)
        any(forest.link(links.number, parent) for parent in links.parents)
        evidence.append(links.evidence(forest.parents[links.number]))
    threads, depths = forest.threads(), forest.depths()

    def parent(message: int) -> int | None:
        return above if (above := forest.parents[message]) != NONE else None

    for mail, bits in zip(tables.rows(_MAILS, {}, _Mail), evidence, strict=True):
        number = mail.number
        by = [name for place, name in enumerate(_EVIDENCE) if bits >> place & 1]
        row = ThreadRow(
            sha256=mail.sha256,
            number=number,
            thread=threads[number],
            parent=parent(number),
            depth=depths[number],
            by=by,
        )
        write("threads", row)
    for ghost in tables.rows(_GHOSTS, {}, _Missing):
        number = ghost.number
        found = GhostRow(
            number=number,
            thread=threads[number],
            parent=parent(number),
            id=ghost.id,
            mentions=ghost.mentions,
            replies=ghost.replies,
            first=ghost.first,
            last=ghost.last,
            subject=bare_subject(ghost.subject),
            named_by=ghost.named_by,
        )
        write("ghosts", found)
