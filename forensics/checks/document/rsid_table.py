"""The list of a Word document's editing sessions is not as Word keeps it: sorted, each once, the first among them."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import fact_named, facts_named
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="document.rsid_table",
    version=4,
    title="The list of editing sessions is not as Word writes it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.RSIDS,
    bins=(Bin("no_root"), Bin("repeated"), Bin("unsorted")),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer",),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-8", "ECMA-376-1 17.15.1.70", "ECMA-376-1 17.15.1.72"),
)

_NO_ROOT = says(
    "rule.document.rsid_table.no_root",
    one=(
        "The settings name {root} as the document's first editing session, and their list of {count} sessions does "
        "not hold it; Word keeps it there."
    ),
)
_REPEATED = says(
    "rule.document.rsid_table.repeated",
    one="The settings list the editing session {session} more than once, of {count}; Word lists each once.",
)
_UNSORTED = says(
    "rule.document.rsid_table.unsorted",
    one="The settings list {count} editing sessions, {session} behind {before}; Word keeps the list sorted.",
)
_WEB = says(
    "note.word_for_web",
    one="The properties name {program}, which lists sessions more than once; Word on a computer does not.",
)
_OTHER_OFFICE = says(
    "note.wps_sessions",
    one="The properties name WPS Office ({program}), which may list sessions unsorted, or without the first.",
)
_CITED = 5
_WPS = "WPS Office"
_WEB_NAME, _WEB_VERSION = "Microsoft Word for the web", "00.0001"


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look at the list; the first thing that is wrong with it is told."""
    listed, root = list(facts_named(facts, "ooxml.rsids")), fact_named(facts, "ooxml.rsid_root")
    if not listed:
        return
    sessions = [session for some in listed for session in some.value.split()]
    count = str(len(sessions))
    evidence = [cite_fact("sessions", some, Role.SUSPECT) for some in listed[:_CITED]]
    repeated = next((one for one, times in Counter(sessions).items() if times > 1), "")
    fault = next((place for place in range(1, len(sessions)) if sessions[place] < sessions[place - 1]), 0)
    if root is not None and root.value.strip("0") and root.value.upper() not in sessions:
        evidence.insert(0, cite_fact("first session", root, Role.SUSPECT))
        name, sentence = "no_root", _NO_ROOT(root=root.value, count=count)
    elif repeated:
        name, sentence = "repeated", _REPEATED(session=repeated, count=count)
    elif fault:
        name = "unsorted"
        sentence = _UNSORTED(session=sessions[fault], before=sessions[fault - 1], count=count)
    else:
        return
    yield Observation(
        sentence=sentence,
        bin=name,
        evidence=tuple(evidence),
        suspect=listed[0].locator.path,
        benign=tuple(_web(facts) if name == "repeated" else _wps(facts)),
    )


def _web(facts: DocumentFacts) -> Iterator[BenignState]:
    """Tell that Word for the web saved the document: by its name, or by the version of which only it has written."""
    program, version = fact_named(facts, "ooxml.application"), fact_named(facts, "ooxml.app_version")
    if (program and program.value == _WEB_NAME) or (version and version.value == _WEB_VERSION):
        said = " ".join([one.value for one in (program, version) if one])
        yield settled("other_writer", State.EXPLAINS, _WEB(program=said))


def _wps(facts: DocumentFacts) -> Iterator[BenignState]:
    """Tell that WPS Office saved the document, the last time or before: by its name, or by the build that it notes."""
    program = fact_named(facts, "ooxml.application")
    build = fact_named(facts, "ooxml.wps_build")
    if program is not None and program.value.startswith(_WPS):
        yield settled("other_writer", State.EXPLAINS, _OTHER_OFFICE(program=program.value[:60]))
    elif build is not None:
        yield settled("other_writer", State.EXPLAINS, _OTHER_OFFICE(program=build.value[:60]))


def _word(root: str, *sessions: str) -> DocumentFacts:
    return document(properties=(fact("ooxml.rsid_root", root), fact("ooxml.rsids", " ".join(sessions))))


def cases() -> Iterator[Case]:
    """Cases of each fault."""
    yield fires(_word("00AA0001", "00112233", "00445566"), "the first session is missing", bin="no_root")
    yield fires(_word("00112233", "00112233", "00445566", "00445566"), "a session twice", bin="repeated")
    twice, web = _word("00112233", "00112233", "00112233"), fact("ooxml.application", _WEB_NAME)
    yield explained(
        msgspec.structs.replace(twice, properties=(*twice.properties, web)),
        "a session twice, listed by Word for the web",
        by="other_writer",
    )
    early = (fact("ooxml.application", "Microsoft Office Word"), fact("ooxml.app_version", _WEB_VERSION))
    yield explained(
        msgspec.structs.replace(twice, properties=(*twice.properties, *early)),
        "a session twice, listed by Word for the web under the name of the program on computers",
        by="other_writer",
    )
    first = _word("1A97678F", "1C3A7814", "217C5068")
    name = fact("ooxml.application", "WPS Office_12.1.0.19302_F1E327BC-269C-435d-A152-05C5408002CA")
    yield explained(
        msgspec.structs.replace(first, properties=(*first.properties, name)),
        "WPS Office lists its sessions without the first",
        by="other_writer",
    )
    build = fact("ooxml.wps_build", "2052-12.1.0.19302")
    yield explained(
        msgspec.structs.replace(first, properties=(*first.properties, build)),
        "Word saved what WPS Office had made",
        by="other_writer",
    )
    end = _word("00112233", "00112233", "00AA0001", "00445566")
    yield fires(end, "one put at the end", bin="unsorted")
    yield explained(
        msgspec.structs.replace(end, properties=(*end.properties, build)),
        "WPS Office does not sort them",
        by="other_writer",
    )
    yield silent(_word("00445566", "00112233", "00445566"), "as Word keeps it")
    yield silent(_word("00000000", "00112233", "00445566"), "zero: no first session is named")
