"""Who can be asked about the ranked items: records that servers left in the mails, by organization."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from forensics.casestore import Queries
from forensics.knowledge.suffixes import organization
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.findings import Ranked
from forensics.model.instants import calendar
from forensics.model.letters import Asked, AskedMail, AskedRecord, Letter, Letters, RecordKind
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import HopRow
from forensics.model.rows.times import TimeRow
from forensics.reader.sealing.gate import Gate

MOST_MAILS = 40
"""Mails that one letter lists; nobody answers more at once."""
MOST_OTHER_DAYS = 4
_DAY = 86_400 * TICKS_PER_SECOND
_STRANGE = frozenset(" /\\@:;,\"'()<>[]")
"""What no name of a host holds; letters may become files of that name."""
_OF_NETWORKS = frozenset(
    {"local", "localdomain", "localhost", "lan", "home", "internal", "intranet", "corp", "invalid"}
)
"""Last labels of names that nobody registers: a host that is called so cannot be written to."""

_RANKED = "SELECT ranked AS text FROM ranking WHERE list_contains($strengths, strength)"
_RANKS = """
SELECT n FROM (SELECT row_number() OVER () AS n, rank FROM ranking WHERE list_contains($strengths, strength))
ORDER BY rank
"""
_CARRIERS = """
SELECT DISTINCT o.sha256 AS item, CASE WHEN m.sha256 IS NULL THEN o.message_sha256 ELSE o.sha256 END AS mail
FROM occurrences o LEFT JOIN messages m USING (sha256)
WHERE o.sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY item, mail
"""
"""A mail stands for itself; a file, for the mails that carry it."""
_MAILS = """
SELECT sha256, message_id, date, hops, queue_ids, list_id FROM messages
WHERE sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256
"""
_SIGNED = """
SELECT sha256, "domain", selector, min(time) AS time FROM signatures
WHERE sha256 IN (SELECT unnest($items::VARCHAR[])) AND kind <> 'google' AND "domain" <> ''
GROUP BY ALL ORDER BY sha256, "domain", selector
"""


class _Carrier(msgspec.Struct, frozen=True):
    item: str
    mail: str


class _Mail(msgspec.Struct, frozen=True):
    sha256: str
    message_id: LocatedRow
    date: TimeRow | None
    hops: list[HopRow]
    queue_ids: list[LocatedRow]
    list_id: str


class _Signed(msgspec.Struct, frozen=True):
    sha256: str
    domain: str
    selector: str
    time: int | None


def read_letters(queries: Queries, strengths: list[str], gate: Gate) -> Letters:
    """Return what each organization can be asked about the entries of these strengths.

    Args:
        queries: a judged case.
        strengths: words of the strengths that are asked about.
        gate: says what may not be quoted: nobody is asked about that.
    """
    lines = list(queries.stored(_RANKED, {"strengths": strengths}, Ranked, order=_RANKS))
    open_lines = [line for line in lines if not any(gate.seals(ref.sha256, ref.location) for ref in line.items)]
    entries = [(line.rank, [ref.sha256 for ref in line.items if ref.sha256]) for line in open_lines]
    carriers: dict[str, list[str]] = {}
    closed: set[str] = set()
    wanted = sorted({item for _, items in entries for item in items})
    for row in queries.rows(_CARRIERS, {"items": wanted}, _Carrier):
        if gate.withholds(row.item) or gate.seals(row.mail):
            closed.add(row.item)
        else:
            carriers.setdefault(row.item, []).append(row.mail)
    ranks: dict[str, int] = {}
    for rank, items in entries:
        for mail in [mail for item in items for mail in carriers.get(item, ())]:
            ranks.setdefault(mail, rank)
    everyone = _by_organization(queries, ranks)
    asked = {name: mails for name, mails in everyone.items() if gate.clean(name) == name}
    letters = [gate.clean(_letter(name, mails)) for name, mails in asked.items()]
    letters.sort(key=lambda letter: (letter.mails[0].rank, -len(letter.mails), letter.organization))
    named = {mail.sha256 for mails in asked.values() for mail in mails}
    unnamed = {mail.sha256 for mails in everyone.values() for mail in mails} - named
    missed = [items for _, items in entries if not any(named.intersection(carriers.get(item, ())) for item in items)]
    kept_back = [
        items
        for items in missed
        if any(item in closed or unnamed.intersection(carriers.get(item, ())) for item in items)
    ]
    return Letters(
        letters=tuple(letters),
        entries=len(entries) - len(kept_back),
        unasked=len(missed) - len(kept_back),
        restricted=len(lines) - len(entries) + len(kept_back),
        by_rank=gate.clean(_by_rank(asked)),
    )


def _by_rank(asked: Mapping[str, Iterable[AskedMail]]) -> dict[int, tuple[Asked, ...]]:
    found: dict[int, dict[str, list[AskedRecord]]] = {}
    for name, mails in asked.items():
        for mail in mails:
            found.setdefault(mail.rank, {}).setdefault(name, []).extend(mail.records)
    return {rank: tuple(_most_first(found[rank])) for rank in sorted(found)}


def _most_first(records: Mapping[str, list[AskedRecord]]) -> Iterator[Asked]:
    """Yield organizations, those with most records first, each with the first record that its id finds."""
    for name in sorted(records, key=lambda name: (-len(records[name]), name)):
        own = records[name]
        yield Asked(organization=name, record=next((record for record in own if record.numbered), own[0]))


def _by_organization(queries: Queries, ranks: Mapping[str, int]) -> dict[str, list[AskedMail]]:
    """Return the mails with the records of each organization in them, in the order of their ranks."""
    given = {"items": sorted(ranks)}
    signed: dict[str, list[_Signed]] = {}
    for signature in queries.rows(_SIGNED, given, _Signed):
        signed.setdefault(signature.sha256, []).append(signature)
    found: dict[str, list[AskedMail]] = {}
    for mail in sorted(queries.rows(_MAILS, given, _Mail), key=lambda mail: (ranks[mail.sha256], mail.sha256)):
        signatures = signed.get(mail.sha256, ())
        times = [hop.instant for hop in mail.hops] + [mail.date.instant if mail.date else None]
        times += [_ticks(one.time) for one in signatures]
        records: dict[str, list[AskedRecord]] = {}
        for record in _records(mail, signatures):
            if owner := _owner(record.host):
                records.setdefault(owner, []).append(record)
        for owner, own in records.items():
            asked = AskedMail(
                sha256=mail.sha256,
                rank=ranks[mail.sha256],
                message_id=mail.message_id.value,
                date=mail.date.raw.decode("latin-1").strip() if mail.date else "",
                records=tuple(own),
                other_days=_other_days(times, [record.at for record in own]),
            )
            found.setdefault(owner, []).append(asked)
    return found


def _records(mail: _Mail, signatures: Iterable[_Signed]) -> Iterator[AskedRecord]:
    """Yield the records in a mail: trace fields from the newest on, signatures, its list."""
    for hop, number in zip(mail.hops, mail.queue_ids, strict=True):
        if hop.by:
            yield AskedRecord(kind=RecordKind.TRACE, host=hop.by, id=number.value, protocol=hop.with_, at=hop.instant)
    for one in signatures:
        yield AskedRecord(kind=RecordKind.SIGNATURE, host=one.domain, id=one.selector, at=_ticks(one.time))
    if mail.list_id:
        yield AskedRecord(kind=RecordKind.LIST, host=mail.list_id)


def _owner(host: str) -> str:
    """Return the domain whose owner can be asked about a host; empty where nobody has registered its name."""
    name = organization(host.strip("<>[]. "))
    first, _, last = name.rpartition(".")
    named = first and last not in _OF_NETWORKS and not last.isdecimal() and name.isascii() and name.isprintable()
    return name if named and not set(name) & _STRANGE else ""


def _other_days(times: Iterable[int | None], own: Iterable[int | None]) -> tuple[str, ...]:
    """Return the days of times more than a day from every own time; none where no own time can be read."""
    recorded = [at for at in own if at is not None]
    if not recorded:
        return ()
    others = {at for at in times if at is not None and all(abs(at - one) > _DAY for one in recorded)}
    days = {day[:10] for at in others if (day := calendar(at))}
    return tuple(sorted(days)[:MOST_OTHER_DAYS])


def _letter(owner: str, mails: list[AskedMail]) -> Letter:
    return Letter(organization=owner, mails=tuple(mails[:MOST_MAILS]), left_out=max(0, len(mails) - MOST_MAILS))


def _ticks(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * TICKS_PER_SECOND
