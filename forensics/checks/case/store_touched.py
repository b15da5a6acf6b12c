"""Many mails of one store were last changed within minutes by somebody who neither owns it nor wrote them.

One mail that was changed late says nothing (T-91). Many that came over months and were changed together, by another
name than the owner's, are an operation on the store: a migration as a rule, an edit by whoever had access otherwise.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._batches import batches
from forensics.checks._facts import DAY, cite_located, cite_row, clock, span
from forensics.checks._stored import Person, is_one_of
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.locations import BETWEEN, Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Aggregate,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

_SIZES = (64, 16, 8)

RULE = Rule(
    id="case.store_touched",
    version=2,
    title="Mails of one store changed by somebody else within minutes",
    subject=Subject.MESSAGE,
    needs=MessageHas.STORED_TIMES | MessageHas.MODIFIER,
    bins=(Bin("64+mails", ("16+mails", "8+mails")), Bin("16+mails", ("8+mails",)), Bin("8+mails")),
    group="store",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("migration_batch", "store_upkeep", "imported", "store_by_library"),
    settle=settle.MAILBOX_OWNER,
    references=("[MS-OXCMSG] 2.2.2", "kb:T-91", "kb:O-37", "attack:stored-data-manipulation"),
)

_SAID = says(
    "rule.case.store_touched",
    one=(
        "{count} mails of one store, delivered over {over}, were all last changed by {modifier}, who is neither the "
        "owner nor wrote one of them, within {span} from {start} UTC, each at least a day after its delivery."
    ),
)

LEAST_MAILS = 8
LEAST_OVER = 30 * DAY

ROWS_NEEDED = {"messages": LEAST_MAILS}

_NEEDS = int(RULE.needs)
# The file in which a mail stands is its store, wherever that lies; a mail attached to one is of that one's store. Of
# files that hold one message each it is the folder.
QUERY = rf"""
WITH RECURSIVE touched AS MATERIALIZED (
    SELECT sha256, location FROM flat.mails JOIN flat.items USING (item) WHERE stored AND mask & {_NEEDS} = {_NEEDS}),
told AS MATERIALIZED (
    SELECT DISTINCT sha256, location, m.parties, m.stored AS facts,
           [f FOR f IN m.stored IF f.name = 'mapi.last_modifier_name'][1] AS modifier,
           coalesce([f.value FOR f IN m.stored IF f.name = 'mapi.message_class'][1], '') AS kind,
           [t FOR t IN timestamps IF t.kind = '{TimeKind.MAPI_MODIFIED}' AND t.instant IS NOT NULL][1] AS changed,
           [t FOR t IN timestamps IF t.kind = '{TimeKind.STORED}' AND t.instant IS NOT NULL][1] AS delivered
    FROM messages m JOIN touched USING (sha256)),
around AS (
    SELECT sha256, source, location_text, message_sha256, parent_sha256 FROM occurrences SEMI JOIN told USING (sha256)
    UNION ALL
    SELECT a.sha256, o.source, o.location_text, o.message_sha256, o.parent_sha256
    FROM around a JOIN occurrences o ON o.sha256 = a.message_sha256 AND o.source = a.source
         AND starts_with(a.location_text, o.location_text || '{BETWEEN}')
    WHERE a.parent_sha256 = a.message_sha256),
placed AS (
    SELECT sha256, min(CASE WHEN parent_sha256 <> '' THEN parent_sha256
                       ELSE source || ' ' || regexp_extract(location_text, '^(.*)/[^/]*$', 1) END) AS store
    FROM around WHERE parent_sha256 = '' OR parent_sha256 <> message_sha256 GROUP BY sha256)
SELECT sha256, location, store, changed, delivered,
       {{'value': modifier.value, 'raw': modifier.raw, 'path': modifier.path, 'start': modifier.start,
        'end': modifier."end", 'steps': modifier.steps, 'rest': ''}} AS modifier,
       [[p."name", p.address] FOR p IN parties IF p.field IN ('from', 'sender')] AS authors,
       [f.value FOR f IN facts IF f.name IN ('mapi.received_by_name', 'mapi.received_representing_name')] AS owners,
       [f.value FOR f IN facts IF f.name = 'mapi.creator_name'] AS creators
FROM told JOIN placed USING (sha256)
WHERE modifier.value <> '' AND regexp_matches(kind, '(?i)^(?:ipm\.note|report\.|ipm\.schedule\.|ipm\.post|$)')
  AND changed.instant - delivered.instant >= {DAY}
ORDER BY store, lower(trim(modifier.value)), changed.instant, sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that its store changed a day after delivery, or later."""

    sha256: str
    location: Location
    store: str
    """What is one for all mails of a store, and no other's."""
    changed: TimeRow
    delivered: TimeRow
    modifier: LocatedRow
    authors: list[list[str]]
    """Name and address of each."""
    owners: list[str]
    """Names of whose mailbox it is."""
    creators: list[str]
    """Names of who made this copy."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take windows from the first mail on, per store and modifier; a window ends where the next begins."""
    for _, found in groupby(rows, key=lambda row: (row.store, _name(row))):
        by_one = list(found)
        # Whoever owns one mail of the store owns the store.
        if not is_one_of(by_one[0].modifier.value, [(owner, "") for row in by_one for owner in row.owners]):
            others = [row for row in by_one if not is_one_of(row.modifier.value, _people(row))]
            for batch in batches(others, _at, _counts):
                yield from _observations(batch, len(by_one))


def _people(row: Row) -> list[Person]:
    return [*[(name, address) for name, address in row.authors], *[(name, "") for name in row.creators]]


def _name(row: Row) -> str:
    return row.modifier.value.strip().lower()


def _at(row: Row) -> int:
    return row.changed.instant or 0


def _over(batch: Sequence[Row]) -> int:
    delivered = [row.delivered.instant or 0 for row in batch]
    return max(delivered) - min(delivered)


def _counts(batch: Sequence[Row]) -> bool:
    return len(batch) >= LEAST_MAILS and any(row.owners for row in batch) and _over(batch) >= LEAST_OVER


def _observations(batch: Sequence[Row], touched: int) -> Iterator[Observation]:
    size = next(size for size in _SIZES if len(batch) >= size)
    modifier, start = batch[0].modifier.value.strip()[:120], _at(batch[0])
    sentence = _SAID(
        count=len(batch),
        over=span(_over(batch)),
        modifier=modifier,
        span=span(_at(batch[-1]) - start),
        start=clock(start)[:16],
    )
    together = Aggregate(
        role=Role.SUSPECT,
        label="of the store's mails that this user changed last, a day after delivery or later, those of these minutes",
        query=RULE.id,
        parameters={"modifier": modifier, "start": clock(start), "end": clock(_at(batch[-1]))},
        n=touched,
        k=len(batch),
        sample=tuple([row.sha256 for row in batch[:5]]),
    )
    for row in batch:
        yield Observation(
            sentence=sentence,
            bin=f"{size}+mails",
            evidence=tuple(_evidence(row)),
            suspect=row.changed.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(together,),
            cluster=f"{modifier}, {clock(start)[:16]}",
        )


def _evidence(row: Row) -> Iterator[Evidence]:
    yield cite_row("copy changed", row.changed, Role.SUSPECT, row.sha256, row.location)
    yield cite_row("delivered", row.delivered, Role.WITNESS, row.sha256, row.location)
    yield cite_located("last changed by", row.modifier, Role.SUSPECT, row.sha256, row.location)


def cases() -> Iterator[Case]:
    """Cases of sizes, of whose name it is, and of when they came."""

    def row(number: int, **changed: object) -> Row:
        found = Row(
            sha256=f"{number:064}",
            location=location("leak/mailbox.pst"),
            store="a" * 64,
            changed=time_row(f"2018-05-04T10:{number % 8:02}:00+00:00", path="mapi:0x30080040"),
            delivered=time_row(f"2017-{number % 9 + 1:02}-06T10:00:00+00:00", path="mapi:0x0E060040"),
            modifier=located_row("Zoe Zander", "mapi:0x3FFA001F"),
            authors=[["Anna Berg", "anna@example.org"]],
            owners=["Ben Dahl"],
            creators=[],
        )
        return msgspec.structs.replace(found, **changed)

    def store(count: int, **changed: object) -> tuple[Row, ...]:
        return tuple(
            sorted([row(number, **changed) for number in range(count)], key=lambda one: (_at(one), one.sha256))
        )

    yield fires(store(8), "eight mails of eight months", bin="8+mails", count=8)
    yield fires(store(20), "twenty mails", bin="16+mails", count=20)
    yield fires(store(64), "sixty-four mails", bin="64+mails", count=64)
    yield silent(store(7), "seven mails")
    one_day = time_row("2017-03-06T10:00:00+00:00", path="mapi:0x0E060040")
    yield silent(store(9, delivered=one_day), "mails of one day: whoever got them cleared up")
    yield silent(store(9, modifier=located_row("Dahl, Ben", "mapi:0x3FFA001F")), "the owner")
    yield silent(store(9, modifier=located_row("anna@example.org", "mapi:0x3FFA001F")), "their author")
    yield silent(store(9, creators=["Zoe Zander"]), "who made the copies: an import")
    yield silent(store(9, owners=[]), "nothing says whose the mailbox is")
    apart = [time_row(f"2018-05-04T{10 + number}:00:00+00:00", path="mapi:0x30080040") for number in range(9)]
    yield silent(tuple([row(number, changed=at) for number, at in enumerate(apart)]), "each in another hour")
