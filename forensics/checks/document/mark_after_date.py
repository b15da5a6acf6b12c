"""A document shows something that came into the world after the latest of its own times."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._converted import CONVERTED, PACKED_BEFORE, converts, packed_before
from forensics.checks._facts import DAY, cite, cite_fact, clock, settled, shown
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.examples.times import time
from forensics.knowledge.births import character_births
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.knowledge.document_births import births, namespace_born
from forensics.model import document_marks as marks
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.document import DocumentHas
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
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.mark_after_date",
    version=2,
    title="Mark newer than the document",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.MARKS,
    bins=(Bin("namespace"), Bin("feature"), Bin("font"), Bin("character")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("prerelease", "date_set_by_tool", "author_clock", "save_time_kept"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-6b", "kb:CLK-1", "kb:CLK-5", "kb:CLK-6"),
)

_SAID = {
    "namespace": says(
        "rule.document.mark_after_date.namespace",
        one=(
            "A part of the document declares the namespace {mark}, which Microsoft named for a time from {born} on; "
            "the latest of the document's own times is {date}."
        ),
    ),
    "feature": says(
        "rule.document.mark_after_date.feature",
        one=("The workbook has {mark}, which came out about {born}; the latest of the workbook's own times is {date}."),
    ),
    "font": says(
        "rule.document.mark_after_date.font",
        one=(
            "The document names the font {mark}, which came out about {born}; the latest of the document's own times "
            "is {date}."
        ),
    ),
    "character": says(
        "rule.document.mark_after_date.character",
        one=(
            "The document contains the character {mark}, which has been in Unicode since {born}; the latest of the "
            "document's own times is {date}."
        ),
    ),
}
_THEME = says("rule.document.mark_after_date.theme", one="version {version} of the theme")
_FEATURE = says("rule.document.mark_after_date.calculation", one="the feature {name}")
_FUNCTION = says("rule.document.mark_after_date.function", one="the function {name}")

NAMESPACE_SLACK = 180
"""Days before the time in its name at which a namespace is no surprise: a beta of Office 2010 had those of 2010."""
CHARACTER_SLACK = 60
"""Days before its release at which a character is no surprise, as in mails (`mail.mark_after_date`)."""
_TABLES = {
    "ooxml.theme_version": "theme",
    "ooxml.feature": "feature",
    "ooxml.function": "function",
    "ooxml.font_declared": "font",
    "ooxml.font_used": "font",
    "ole2.font": "font",
    "rtf.font": "font",
}
_WORDS = {"theme": (_THEME, "version"), "feature": (_FEATURE, "name"), "function": (_FUNCTION, "name")}


class _Mark(NamedTuple):
    bin: str
    kind: str
    shown: str
    born: int
    """Days since 1970."""
    surprising: int
    """Before this day it surprises."""
    fact: Fact


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Hold the birth of each mark against the latest of the document's own times; of each bin the youngest is told."""
    latest = marks.latest(facts)
    if latest is None or is_template_time(latest[1]) or is_library_time(latest[1]):
        return
    stamp, at = latest
    youngest: dict[str, _Mark] = {}
    for mark in _marks(facts):
        surprises = mark.surprising * DAY > at
        if surprises and (mark.bin not in youngest or mark.surprising > youngest[mark.bin].surprising):
            youngest[mark.bin] = mark
    for mark in youngest.values():
        said, name = _WORDS.get(mark.kind, (None, ""))
        shown_as = said(**{name: mark.shown}) if said is not None else mark.shown
        yield Observation(
            sentence=_SAID[mark.bin](mark=shown_as, born=clock(mark.born * DAY)[:10], date=shown(stamp)),
            bin=mark.bin,
            evidence=(cite("latest time", stamp, Role.SUSPECT), cite_fact(mark.kind, mark.fact, Role.WITNESS)),
            suspect=stamp.locator.path,
            benign=(_kept(facts, mark),) if mark.bin != "character" and converts(facts) else (),
        )


def _kept(facts: DocumentFacts, mark: _Mark) -> BenignState:
    """Judge what LibreOffice itself puts into a document on its own day: all but the text."""
    if packed_before(facts, mark.surprising * DAY):
        return settled("save_time_kept", State.EXCLUDED, PACKED_BEFORE())
    return settled("save_time_kept", State.EXPLAINS, CONVERTED())


def _marks(facts: DocumentFacts) -> Iterator[_Mark]:
    for one in marks.shown(facts):
        if one.name == "ooxml.namespaces":
            for name in one.value.split()[1:]:
                born = namespace_born(f"/{name}")
                yield _Mark("namespace", "namespace", name, born, born - NAMESPACE_SLACK, one)
        elif one.name.endswith(".character"):
            born = character_births().get(int(one.value[2:], 16), 0)
            yield _Mark("character", "character", one.value, born, born - CHARACTER_SLACK, one)
        elif (kind := _TABLES.get(one.name)) and (birth := births(kind).get(one.value)):
            name = "font" if kind == "font" else "feature"
            yield _Mark(name, kind, one.value, birth.born, birth.born - birth.slack_days, one)


def _document(saved: str, name: str, value: str) -> DocumentFacts:
    return document("2003-03-06T10:00:00Z", saved, properties=(fact(name, value),))


def cases() -> Iterator[Case]:
    """Cases of each mark, and the innocent ones."""
    early, late = "2012-03-06T11:00:00Z", "2024-03-06T11:00:00Z"
    roots = "word/document.xml word/2010/wordml word/2018/wordml/cex"
    yield fires(_document(early, "ooxml.namespaces", roots), "a namespace of 2018, in 2012", bin="namespace")
    yield silent(_document("2018-02-06T11:00:00Z", "ooxml.namespaces", roots), "in its year")
    yield silent(_document("2017-10-06T11:00:00Z", "ooxml.namespaces", roots), "a tester, in the autumn before")
    yield fires(_document(early, "ooxml.theme_version", "166925"), "the theme of 2016", bin="feature")
    yield fires(_document(early, "ooxml.function", "XLOOKUP"), "a function of 2019", bin="feature")
    yield fires(_document(early, "ooxml.feature", "microsoft.com:LET_WF"), "a feature of 2020", bin="feature")
    yield fires(_document(early, "ooxml.font_used", "Aptos"), "a font of 2023", bin="font")
    yield fires(_document("2004-03-06T11:00:00Z", "ole2.font", "Calibri"), "Calibri in 2004", bin="font")
    yield silent(_document("2006-03-06T11:00:00Z", "ole2.font", "Calibri"), "a tester of Office 2007")
    yield fires(_document(early, "ooxml.character", "U+1F984"), "a unicorn of 2015", bin="character")
    yield silent(_document(late, "ooxml.character", "U+1F984"), "nine years later")
    yield silent(_document(late, "ooxml.font_used", "Aptos"), "after its birth")
    yield silent(_document("2013-12-23T23:15:00Z", "ooxml.namespaces", roots), "the date that a library leaves")
    office = "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"
    converted = replace(_document(early, "ooxml.namespaces", roots), application=office)
    yield explained(converted, "LibreOffice keeps the times of what it converts", by="save_time_kept")
    written = replace(_document(early, "ooxml.character", "U+1F984"), application=office)
    yield fires(written, "it puts no characters into the text", bin="character")
    changed = time("2019-03-06T11:00:00Z", path="change", kind=TimeKind.SESSION_CHANGE)
    facts = _document(early, "ooxml.namespaces", roots)
    yield silent(replace(facts, timestamps=(*facts.timestamps, changed)), "it was worked on after that year")
