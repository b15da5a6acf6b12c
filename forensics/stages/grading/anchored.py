"""Which items are vouched for by something that could not be made up with them, and what follows for findings.

An item is **anchored** by a signature that holds, with a key from a file or a recovered one that counts, and that
nothing limits; by the same bytes in another source, or in a reference; by the anchored mail that carries it. Habits
take a mail as anchored too that an anchored mail answers. That shows that somebody had such a mail, not that these are
its bytes, so it decides no role.

A signature vouches for what it covers: where a rule says what it accuses, all of it must be signed. A reply counts only
where the signature covers the field that names the mail, and one mail alone has that id.

Where a finding says that one of several items is wrong, and some are anchored and others are not, the anchored are
witnesses: somebody who plants a neighbour of a genuine mail accuses the neighbour. The statement says so.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.rules import Evidence, Role, Rule, SubjectRef
from forensics.model.sentences import Sentence, says
from forensics.stages.grading.clusters import owned_evidence
from forensics.stages.observed import Observed, Rows

_DAY = 86_400 * TICKS_PER_SECOND

_OWN = f"""
signed AS MATERIALIZED (
    SELECT j.item, s.signed_fields || ['body'] AS parts, j."domain" AS signer, j.key,
           coalesce(abs(m.instant - s."time" * {TICKS_PER_SECOND}) <= {_DAY}, false) AS timely
    FROM flat.judged j SEMI JOIN asked USING (item) JOIN flat.items USING (item) JOIN flat.mails m USING (item)
    JOIN signatures s ON s.sha256 = items.sha256 AND s.kind = j.kind AND s.index = j.index
    WHERE j.kind <> 'as' AND j.header_holds AND j.body_holds AND len(j.limits) = 0),
places AS MATERIALIZED (
    SELECT item, source, message_sha256 FROM occurrences JOIN flat.items USING (sha256) SEMI JOIN asked USING (item)
    WHERE sha256 <> ''),
copied AS MATERIALIZED (
    SELECT item FROM places GROUP BY item HAVING count(DISTINCT source) > 1
    UNION SELECT item FROM counterparts JOIN flat.items USING (sha256) WHERE outcome = 'identical'),
carried AS (
    SELECT DISTINCT p.item FROM places p JOIN flat.items h ON h.sha256 = p.message_sha256
    WHERE h.item IN (SELECT item FROM signed) OR h.item IN (SELECT item FROM copied)),
own AS MATERIALIZED (
    SELECT item, 'signature' AS kind, signer, key, parts, timely FROM signed
    UNION ALL SELECT item, 'copy', '', '', NULL, true FROM copied
    UNION ALL SELECT item, 'part', '', '', NULL, true FROM carried)
"""
"""What is anchored by itself, of the items of ``asked`` and what these are part of; no ``parts``: all of it."""
ANCHORED = f"""
WITH asked AS (SELECT item FROM flat.items), {_OWN},
single AS (SELECT number, min(sha256) AS sha256 FROM threads GROUP BY number HAVING count(*) = 1),
answered AS (
    SELECT m.item FROM threads r JOIN flat.items i ON i.sha256 = r.sha256 JOIN own o ON o.item = i.item
    JOIN single ON single.number = r.parent JOIN flat.items m ON m.sha256 = single.sha256
    WHERE (list_contains(r."by", 'in_reply_to') AND coalesce(list_contains(o.parts, 'in-reply-to'), true))
        OR (list_contains(r."by", 'references') AND coalesce(list_contains(o.parts, 'references'), true))),
anchored AS MATERIALIZED (
    SELECT item FROM own WHERE parts IS NULL OR list_has_all(parts, $accused::VARCHAR[])
    UNION SELECT item FROM answered)
"""
"""Begins a query of ``anchored``, whose only column is ``item``; ``$accused`` is what the rule accuses."""
ITEMS = f"""
{ANCHORED} SELECT sha256 FROM anchored JOIN flat.items USING (item)
WHERE sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY sha256
"""
ANCHORS = f"""
WITH named AS MATERIALIZED (
    SELECT item, sha256 FROM flat.items WHERE sha256 IN (SELECT unnest($items::VARCHAR[]))),
asked AS MATERIALIZED (
    SELECT item FROM named
    UNION SELECT i.item FROM occurrences o SEMI JOIN named USING (sha256)
    JOIN flat.items i ON i.sha256 = o.message_sha256),
{_OWN}, origins AS (SELECT key, min(obtained) AS obtained FROM keys GROUP BY key)
SELECT sha256, kind, signer, coalesce(obtained, '') AS obtained, parts, timely
FROM own JOIN named USING (item) LEFT JOIN origins USING (key)
ORDER BY sha256, kind, signer, parts, obtained, timely
"""

_SIGNED = {
    "file": says("anchored.signed", one="the signature of {signer} holds, with a key from a file"),
    "recovered": says("anchored.signed.recovered", one="the signature of {signer} holds, with a key recovered here"),
}
_COPY = says("anchored.copy", one="another source holds the same bytes")
_PART = says("anchored.part", one="it is part of a mail that is anchored")
_SIDED = says(
    "anchored.sided",
    one=(
        "One of them, {item}, is anchored ({how}): it is a witness here, and this speaks against what nothing anchors "
        "in that way."
    ),
    many=(
        "{n} of them are anchored (the first, {item}: {how}): they are witnesses here, and this speaks against what "
        "nothing anchors in that way."
    ),
)


class Digest(msgspec.Struct, frozen=True):
    """One item."""

    sha256: str


class Anchor(msgspec.Struct, frozen=True):
    """Something that vouches for an item."""

    sha256: str
    kind: str
    """``signature``, ``copy`` or ``part``."""
    signer: str
    """Domain of the signature; empty for all else."""
    obtained: str
    """How its key was come by."""
    parts: list[str] | None
    """Header fields in lower case, and ``body``; ``None``: all of the item."""
    timely: bool
    """Whether the signature names a time within a day of Date; true for all else."""

    def covers(self, rule: Rule) -> bool:
        """Whether it vouches for what a rule accuses; for a Date only where the signer's clock agrees with it."""
        if self.parts is not None and not set(rule.accuses).issubset(self.parts):
            return False
        return self.timely or "date" not in rule.accuses

    @property
    def said(self) -> Sentence:
        """What it is."""
        if self.kind == "signature":
            return _SIGNED["recovered" if self.obtained == "recovered" else "file"](signer=self.signer[:120])
        return _COPY() if self.kind == "copy" else _PART()


Anchors = Mapping[str, Sequence[Anchor]]
"""By digest of the item."""


def anchors_of(rows: Rows, observed: Iterable[Observed]) -> Anchors:
    """Return what anchors the items of observations that say that one of several is wrong."""
    items = sorted({item for one in observed for item in _either(one)})
    found: dict[str, list[Anchor]] = {}
    for row in rows(ANCHORS, {"items": items}, Anchor) if items else ():
        found.setdefault(row.sha256, []).append(row)
    return found


def sided(one: Observed, anchors: Anchors) -> Observed:
    """Make the anchored among items of which one is wrong witnesses, and the others suspects.

    Returns:
        The observation as it is where all or none are anchored, or it does not leave open which item is wrong.
    """
    held = {item: anchor for item in _either(one) if (anchor := _vouching(anchors.get(item, ()), one.rule))}
    if not held or len(held) == len(_either(one)):
        return one
    first = min(held)
    seen = one.observation
    changed = msgspec.structs.replace(
        seen,
        evidence=tuple([_fact(fact, held) for fact in owned_evidence(one)]),
        subjects=tuple([_subject(subject, held) for subject in seen.subjects]),
    )
    why = _SIDED(len(held), item=first[:16], how=held[first].said)
    return msgspec.structs.replace(one, observation=changed, beside=(*one.beside, why))


def _either(one: Observed) -> frozenset[str]:
    """Return the items of which one is wrong, if they are several."""
    items = frozenset([s.sha256 for s in one.observation.subjects if s.role is Role.EITHER and s.sha256])
    return items if len(items) > 1 else frozenset()


def _vouching(anchors: Iterable[Anchor], rule: Rule) -> Anchor | None:
    return next((anchor for anchor in anchors if anchor.covers(rule)), None)


def _role(role: Role, item: str, held: Mapping[str, Anchor]) -> Role:
    if role is not Role.EITHER:
        return role
    return Role.WITNESS if item in held else Role.SUSPECT


def _subject(subject: SubjectRef, held: Mapping[str, Anchor]) -> SubjectRef:
    return msgspec.structs.replace(subject, role=_role(subject.role, subject.sha256, held))


def _fact(fact: Evidence, held: Mapping[str, Anchor]) -> Evidence:
    return msgspec.structs.replace(fact, role=_role(fact.role, fact.sha256, held))
