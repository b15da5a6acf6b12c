"""The lists of a case: items, findings, ranking, times; one call each, sorted, whole unless filtered."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.checks import RULES, load
from forensics.errors import UsageError
from forensics.model.findings import Finding, Ranked, SetAside, StoredFinding
from forensics.model.items import Notice, Status
from forensics.model.lines import ItemLine, Place
from forensics.model.locations import Location
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rules import Rule, Strength, Subject
from forensics.reader.item_facts import notice_of
from forensics.reader.reached import settled
from forensics.stages.power import power_of

SET_ASIDE = 'SELECT set_aside AS text FROM set_aside ORDER BY rule, reason, "group", set_aside'
_SUBJECTS = {
    "message": Subject.MESSAGE,
    "document": Subject.DOCUMENT,
    "archive": Subject.ARCHIVE,
}


class _Kinds(msgspec.Struct, frozen=True):
    sha256: str
    kind: str
    mask: int


def items(case: Path, *, status: str = "", media_type: str = "") -> Iterator[ItemLine]:
    """Yield every occurrence that has been read so far, in the order of locations; `forensics.reached` says how far.

    Args:
        case: the case folder.
        status: only ``parsed``, ``partial``, ``unread`` or ``skipped``; empty: all.
        media_type: only this type; empty: all.
    """
    if status and status not in set(Status):
        raise UsageError(f"no status {status!r}; it is one of {', '.join(Status)}")
    with Queries(CaseFolder.open(case)) as queries:
        notices: dict[str, list[Notice]] = {}
        for noted in queries.rows("SELECT * FROM notices ORDER BY location, code, text, start", {}, NoticeRow):
            notices.setdefault(noted.location, []).append(notice_of(noted))
        kinds: dict[str, list[_Kinds]] = {}
        for kind in queries.rows(_KINDS, {}, _Kinds):
            kinds.setdefault(kind.sha256, []).append(kind)
        wanted = {"status": status, "media_type": media_type}
        for row in queries.rows(_OCCURRENCES, wanted, OccurrenceRow):
            power = list(power_of(row.mask, Subject.OCCURRENCE)[0])
            for kind in kinds.get(row.sha256, ()):
                power += power_of(kind.mask, _SUBJECTS[kind.kind])[0]
            yield ItemLine(
                sha256=row.sha256,
                size=row.size,
                media_type=row.media_type,
                location=Place.of(msgspec.json.decode(row.location, type=Location)),
                status=row.status,
                parser=row.parser,
                notices=tuple(notices.get(row.location, ())),
                power=tuple(sorted(power)),
            )


_OCCURRENCES = """
SELECT * FROM occurrences
WHERE ($status = '' OR status = $status) AND ($media_type = '' OR media_type = $media_type)
ORDER BY source, location_text
"""
_KINDS = """
SELECT sha256, 'message' AS kind, mask FROM messages
UNION ALL SELECT sha256, 'document', mask FROM documents
UNION ALL SELECT sha256, 'archive', mask FROM archives
ORDER BY sha256, kind, mask
"""


def findings(
    case: Path, *, strength: str = "context", rule: str = "", item: str = "", partial: bool = False
) -> Iterator[Finding]:
    """Yield findings, strongest first, then by rule and id.

    Args:
        case: the case folder.
        strength: this and above.
        rule: only of this rule; empty: all.
        item: start of a SHA-256: only findings about such an item; empty: all.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        UsageError: no such strength or rule.
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    least = strength_of(strength)
    if rule and rule not in RULES:
        raise UsageError(f"no rule {rule!r}; `forensics rules` lists them")
    folder = CaseFolder.open(case)
    settled(folder, partial=partial)
    with Queries(folder) as queries:
        found = [
            stored.finding
            for stored in queries.stored("SELECT stored AS text FROM findings ORDER BY rule, id", {}, StoredFinding)
            if strength_of(stored.finding.strength) >= least and (not rule or stored.finding.rule == rule)
        ]
    if item:
        found = [one for one in found if any(subject.sha256.startswith(item) for subject in one.subjects)]
    yield from sorted(found, key=lambda one: (-strength_of(one.strength), one.rule, one.id))


def strength_of(word: str) -> Strength:
    """Return the strength of a word.

    Raises:
        UsageError: there is none.
    """
    try:
        return Strength[word.upper()]
    except KeyError:
        words = ", ".join(strength.word for strength in Strength)
        raise UsageError(f"no strength {word!r}; it is one of {words}") from None


def rank(case: Path, *, strength: str = "context", partial: bool = False) -> Iterator[Ranked]:
    """Yield the ranking in its order, lines of this strength and above.

    Args:
        case: the case folder.
        strength: this and above.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    least = strength_of(strength)
    folder = CaseFolder.open(case)
    settled(folder, partial=partial)
    with Queries(folder) as queries:
        for line in queries.stored("SELECT ranked AS text FROM ranking ORDER BY rank", {}, Ranked):
            if strength_of(line.strength) >= least:
                yield line


def set_aside(case: Path, *, partial: bool = False) -> Iterator[SetAside]:
    """Yield what was brought down to context, by rule and reason; `rank` says the same of what was not.

    Args:
        case: the case folder.
        partial: whether to answer for a case that is not wholly read and judged.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    folder = CaseFolder.open(case)
    settled(folder, partial=partial)
    with Queries(folder) as queries:
        yield from queries.stored(SET_ASIDE, {}, SetAside)


def rules() -> tuple[Rule, ...]:
    """Return all rules in the order in which they run."""
    return tuple(load(name).RULE for name in RULES)
