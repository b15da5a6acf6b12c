"""Words of a document are of an editing session that it does not list, and that another document of the archive lists.

Word lists every session of which a document holds words. Of 5,445 Word documents in folders of one owner none held
words of a session that it did not list and another one did. Sessions are numbers of 24 bits, drawn by chance: where
documents list very many of them, an unlisted one is among them by chance. Of the same documents as one archive, which
list 357,000, four showed that. So one session alone has a bin of its own in an archive of so many.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.pasted_passage",
    version=2,
    title="Words of an editing session of another document",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.RSIDS,
    bins=(
        Bin("same_paragraph", ("session",)),
        Bin("several", ("session",)),
        Bin("session"),
        Bin("session,many", ceiling=Strength.WEAK),
        Bin("related"),
    ),
    group="document text",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("written_together", "building_block", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-8",),
)

_SAID = {
    "same_paragraph": says(
        "rule.case.pasted_passage.same_paragraph",
        one=(
            "The words “{words}” are of the editing session {session}, which this document does not list; {donor} "
            "lists it, and has a paragraph of the same identifier, {paragraph}."
        ),
    ),
    "several": says(
        "rule.case.pasted_passage.several",
        one=(
            "The words “{words}” are of the editing session {session}, which this document does not list; {donor} "
            "lists it, and {n} sessions in all of which the same is true."
        ),
    ),
    "related": says(
        "rule.case.pasted_passage.related",
        one=(
            "The words “{words}” are of the editing session {session}, which this document does not list; {donor}, "
            "with which it shares {shared} other sessions, lists it."
        ),
    ),
    "session,many": says(
        "rule.case.pasted_passage.session_many",
        one=(
            "The words “{words}” are of the editing session {session}, which this document does not list; {donor} "
            "lists it. Documents of the archive list some {known} sessions in all; of so many one may be the same by "
            "chance."
        ),
    ),
    "session": says(
        "rule.case.pasted_passage.session",
        one=(
            "The words “{words}” are of the editing session {session}, which this document does not list; {donor} "
            "lists it."
        ),
    ),
}

MOST_ORIGINS = 3
"""Documents, those of one origin as one, that list a session; of more it is a template's or a text block's."""

MOST_SESSIONS = 2**24 // 500
"""Listed in all, above which one that a document does not list is among them by chance once in 500 times."""

ROWS_NEEDED = {"documents": 2}

QUERY = f"""
WITH strange AS MATERIALIZED (
    SELECT sha256, unnest(passages) AS passage FROM documents WHERE len(passages) > 0),
listed AS MATERIALIZED (
    SELECT sha256, session, coalesce(nullif(first_session, ''), sha256) AS origin
    FROM (SELECT sha256, first_session, unnest(sessions) AS session FROM documents)
    SEMI JOIN (SELECT passage.session AS session FROM strange) USING (session)),
rare AS MATERIALIZED (
    SELECT session FROM listed GROUP BY session HAVING count(DISTINCT origin) <= {MOST_ORIGINS}),
met AS MATERIALIZED (
    SELECT s.sha256, s.passage, l.sha256 AS donor, l.origin
    FROM strange s JOIN rare ON rare.session = s.passage.session JOIN listed l ON l.session = s.passage.session),
twins AS (
    SELECT m.sha256, m.donor, m.passage.paragraph AS paragraph
    FROM met m JOIN (SELECT sha256 AS donor, unnest(paragraph_ids) AS paragraph FROM documents
                     SEMI JOIN (SELECT donor FROM met) ON donor = sha256) p
         ON p.donor = m.donor AND p.paragraph = m.passage.paragraph)
SELECT m.sha256, i.location, m.passage.session AS session, m.passage.paragraph AS paragraph, m.passage.words AS words,
       m.donor, d.location AS donor_location, t.paragraph IS NOT NULL AS twin,
       len(list_intersect(own.sessions, other.sessions))::INTEGER AS shared,
       (SELECT approx_count_distinct(session) FROM (SELECT unnest(sessions) AS session FROM documents))::BIGINT AS known
FROM met m JOIN places i USING (sha256) JOIN places d ON d.sha256 = m.donor
JOIN documents own ON own.sha256 = m.sha256 JOIN documents other ON other.sha256 = m.donor
LEFT JOIN (SELECT DISTINCT * FROM twins) t
     ON t.sha256 = m.sha256 AND t.donor = m.donor AND t.paragraph = m.passage.paragraph
WHERE m.sha256 <> m.donor
ORDER BY m.sha256, m.donor, m.passage.session, m.passage.words.path
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a session that its document does not list, and a document that lists it."""

    sha256: str
    location: Location
    session: str
    paragraph: str
    words: LocatedRow
    donor: str
    donor_location: Location
    twin: bool
    """Whether that has a paragraph of the same identifier."""
    shared: int
    """Sessions that both list."""
    known: int
    """Different sessions that documents of the archive list, but for a few hundredths."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Of each document name one other: that with which it shares most, then that with the same paragraph.

    A passage that a version of the same document lists has come down to both from an older one.
    """
    for _, group in groupby(rows, key=lambda row: row.sha256):
        by_donor: dict[str, list[Row]] = {}
        for row in group:
            by_donor.setdefault(row.donor, []).append(row)
        best = max(by_donor.values(), key=lambda found: (found[0].shared, sum([row.twin for row in found]), len(found)))
        yield _observation(best, len(by_donor))


def _observation(rows: list[Row], donors: int) -> Observation:
    first = next((row for row in rows if row.twin), max(rows, key=lambda row: len(row.words.value)))
    name = "session" if first.known <= MOST_SESSIONS else "session,many"
    name = "related" if first.shared else "same_paragraph" if first.twin else "several" if len(rows) > 1 else name
    donor = first.donor_location.text
    values = {"words": " ".join(first.words.value.split())[:200], "session": first.session, "donor": donor}
    more = {
        "related": {"shared": str(first.shared)},
        "several": {"n": str(len(rows))},
        "session,many": {"known": str(first.known)},
    }
    values |= more.get(name, {"paragraph": first.paragraph} if name == "same_paragraph" else {})
    others = [row for row in rows if row is not first]
    quoted = [
        cite_located(f"words of session {row.session}", row.words, Role.SUSPECT, row.sha256, row.location)
        for row in (first, *others[:_CITED])
    ]
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=tuple(quoted),
        suspect=first.words.path,
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=first.sha256, location=first.location),
            SubjectRef(role=Role.WITNESS, sha256=first.donor, location=first.donor_location),
        ),
        aggregates=(
            counts(
                RULE,
                "documents that list a session which this one uses and does not list, and the one named",
                {"session": first.session},
                n=donors,
                k=1,
                sample=(first.donor,),
            ),
        ),
    )


_CITED = 4


def cases() -> Iterator[Case]:
    """Cases of one passage and of several."""

    def row(session: str = "00AA1122", twin: bool = False, donor: str = "1", shared: int = 0, known: int = 9000) -> Row:
        return Row(
            sha256="0" * 64,
            location=location("leak/minutes.docx"),
            session=session,
            paragraph="5A651743",
            words=located_row("The grant was not paid.", f"xml:word/document.xml#foreign_passage[{session}]"),
            donor=donor * 64,
            donor_location=location("leak/letter.docx", sha256=donor * 64),
            twin=twin,
            shared=shared,
            known=known,
        )

    yield fires((row(twin=True),), "a paragraph with its identifier", bin="same_paragraph")
    yield fires((row(), row("00BB3344")), "words of two sessions", bin="several")
    yield fires((row(),), "words of one session", bin="session")
    yield fires((row(known=400_000),), "one of very many sessions", bin="session,many")
    yield fires((row(), row(donor="2", twin=True)), "two that list it, one with the paragraph", bin="same_paragraph")
    yield fires((row(donor="2", twin=True), row(shared=7)), "another version lists it too", bin="related")
    yield silent((), "sessions that no other document lists")
