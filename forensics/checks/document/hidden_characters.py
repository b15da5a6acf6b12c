"""A document's text holds characters that are not seen, or letters that look like those of another script."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import count_named, facts_named
from forensics.model.rules import (
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
from forensics.model.sentences import Saying, says

RULE = Rule(
    id="document.hidden_characters",
    version=2,
    title="Characters that are invisible or look like others",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.BEYOND_ASCII,
    bins=(
        Bin("foreign_script"),
        Bin("mixed_scripts", ceiling=Strength.WEAK),
        Bin("zero_width", ceiling=Strength.WEAK),
        Bin("bidi", ceiling=Strength.WEAK),
    ),
    group="content",
    compare_with="author_application",
    proposition=Proposition.HIDDEN_MARK,
    ceiling=Strength.MODERATE,
    benign=("two_scripts", "typing"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("UTS #39 5.1", "UAX #9 2", "kb:TXT-5", "kb:TXT-7"),
)

_MIXED = says(
    "rule.document.hidden_characters.mixed_scripts",
    one="A word has letters of another script that look like its own: {shown}",
    many="{n} words have letters of another script that look like their own, the first: {shown}",
)
_FOREIGN = says(
    "rule.document.hidden_characters.foreign_script",
    one=(
        "A word has letters of another script that look like its own: {shown}. Nothing else that was read of the "
        "document is of that script: no letter, language, font or code page."
    ),
    many=(
        "{n} words have letters of another script that look like their own, the first: {shown}. Nothing else that was "
        "read of the document is of that script: no letter, language, font or code page."
    ),
)
_ZERO_WIDTH = says(
    "rule.document.hidden_characters.zero_width",
    one="A word contains characters of no width, or has them at its edge: {shown}",
    many="Words contain characters of no width, or have them at their edges, in {n} parts of the document; the first: "
    "{shown}",
)
_BIDI = says(
    "rule.document.hidden_characters.bidi",
    one="The text contains a control that overrides or reverses the displayed order of letters: {shown}",
    many="The text contains controls that override or reverse the displayed order of letters, in {n} parts of the "
    "document; the first: {shown}",
)
_NOTE = says(
    "rule.document.hidden_characters.two_scripts",
    one="The document has whole words of both scripts.",
)
_CITED = 5
_SCRIPTS = ("cyrillic", "greek", "latin")


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell each kind once; words of whose second script the document has least come first."""
    written = {one.value for one in facts_named(facts, "text.written_script")}
    mixed = {script: list(facts_named(facts, f"text.mixed_{script}")) for script in _SCRIPTS}
    alone = [script for script in _SCRIPTS if script not in written and mixed[script]]
    # Every computer can type Latin letters: one in a word of another script is a keyboard that was not switched.
    elsewhere = {"latin", *[one.value for one in facts_named(facts, "text.script_elsewhere")]}
    foreign = [script for script in alone if script not in elsewhere]
    told = foreign or alone or [script for script in _SCRIPTS if mixed[script]]
    if told:
        words = [one for script in told for one in mixed[script]]
        count = sum([_count(facts, f"text.mixed_{script}", mixed[script]) for script in told])
        name, said = ("foreign_script", _FOREIGN) if foreign else ("mixed_scripts", _MIXED)
        yield _observed(name, said, count, words, both=not alone)
    for name, said in (("zero_width", _ZERO_WIDTH), ("bidi", _BIDI)):
        found = list(facts_named(facts, f"text.{name}"))
        if found:
            yield _observed(name, said, _count(facts, f"text.{name}", found), found)


def _count(facts: DocumentFacts, name: str, told: list[Fact]) -> int:
    """Return how many there are of what facts of a name tell."""
    return count_named(facts, f"{name}_count") or len(told)


def _observed(name: str, said: Saying, count: int, found: list[Fact], *, both: bool = False) -> Observation:
    return Observation(
        sentence=said(count, shown=found[0].value[:200]),
        bin=name,
        evidence=tuple([cite_fact("text", one, Role.SUSPECT) for one in found[:_CITED]]),
        suspect=found[0].locator.path,
        benign=(settled("two_scripts", State.EXPLAINS, _NOTE()),) if both else (),
    )


def _document(**said: str) -> DocumentFacts:
    named = [fact(f"text.{name}", value) for name, value in said.items()]
    return document(properties=(fact("text.beyond_ascii", "1"), *named))


def cases() -> Iterator[Case]:
    """Cases of each kind."""
    yield fires(_document(mixed_cyrillic="em\\u0430il"), "a Cyrillic letter in an English word", bin="foreign_script")
    both = _document(mixed_cyrillic="em\\u0430il", written_script="greek", script_elsewhere="greek")
    yield fires(both, "words of a third script", bin="foreign_script")
    named = _document(mixed_cyrillic="em\\u0430il", script_elsewhere="cyrillic")
    yield fires(named, "and its author has a Cyrillic name", bin="mixed_scripts")
    russian = _document(mixed_latin="P\\u0430\\u0441\\u0447\\u0451\\u0442")
    yield fires(russian, "a Latin letter in a Russian word", bin="mixed_scripts")
    yield fires(_document(zero_width="can\\u200bary"), "a character of no width", bin="zero_width")
    yield fires(_document(bidi="\\u202efdp.exe"), "letters turned round", bin="bidi")
    bilingual = _document(mixed_latin="C\\u0442\\u0440\\u043e\\u043a\\u0430", written_script="latin")
    yield explained(bilingual, "a document in two scripts", by="two_scripts")
    yield silent(_document(), "letters as they are")
