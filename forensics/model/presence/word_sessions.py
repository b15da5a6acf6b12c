"""What a Word document says of its editing sessions: their list, its paragraphs, and words of sessions not listed."""

from typing import NamedTuple

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact, Located
from forensics.model.presence.office_package import fact_named, facts_named

LISTED = ("ooxml.rsids", "rtf.rsids")
"""Lists of sessions: Word writes the same numbers into its own format and into Rich Text."""
NO_SESSION = "0" * 8
LEAST_MARKED = 20
"""Paragraphs with an identifier above which one without stands out."""


class Passage(NamedTuple):
    """The first words of a session that a document does not list, as its paragraph's tag places them."""

    session: str
    paragraph: str
    """Identifier of their paragraph; empty where it has none."""
    words: Located


def sessions(document: DocumentFacts) -> list[str]:
    """Return the editing sessions that a document lists, each once, in their order."""
    listed = [one for name in LISTED for fact in facts_named(document, name) for one in fact.value.split()]
    return [one for one in dict.fromkeys(listed) if one.strip("0")]


def first_session(document: DocumentFacts) -> str:
    """Return the session with which the document began; empty where none is named."""
    root = fact_named(document, "ooxml.rsid_root") or fact_named(document, "rtf.rsid_root")
    return root.value.upper() if root is not None and root.value.strip("0") else ""


def paragraph_ids(document: DocumentFacts) -> list[str]:
    """Return the identifiers of its paragraphs, each once, in their order."""
    return [one for fact in facts_named(document, "ooxml.paragraph_ids") for one in fact.value.split()]


def foreign_passages(document: DocumentFacts) -> list[Passage]:
    """Return the words of sessions that it does not list."""
    found = []
    for fact in facts_named(document, "ooxml.foreign_passage"):
        place, _, words = fact.value.partition(": ")
        session, _, paragraph = place.partition(" in ")
        found.append(Passage(session, paragraph, Located(words, fact.raw, fact.locator)))
    return found


def marked(document: DocumentFacts) -> tuple[int, int]:
    """Return how many paragraphs with words have an identifier, and how many a session."""
    fact = fact_named(document, "ooxml.paragraphs_marked")
    if fact is None:
        return 0, 0
    identified, _, rest = fact.value.partition(" identified, ")
    return int(identified), int(rest.partition(" ")[0])


def unmarked(document: DocumentFacts) -> list[Fact]:
    """Return the paragraphs that lack what the others have."""
    return list(facts_named(document, "ooxml.unmarked_paragraph"))
