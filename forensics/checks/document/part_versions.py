"""What the parts of a text or workbook tell of the version that wrote them disagrees, with each other or with its name.

Word and Excel write their version and the namespaces that they know at every save; who takes a part out of another
document, or writes a version down, leaves them in disagreement.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model import office_versions as versions
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import fact_named
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import Sentence, says

RULE = Rule(
    id="document.part_versions",
    version=1,
    title="Parts of a document are of different versions of its program",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.VERSIONS,
    bins=(Bin("parts"), Bin("program"), Bin("last_edited")),
    group="document program",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "prerelease", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-3 10.1", "MS-DOCX 2.1", "kb:OOX-6", "kb:OOX-6b"),
)

_PARTS = says(
    "rule.document.part_versions.parts",
    one=(
        "The part {one} declares {known}, and {other} does not; one version of Word writes both at a save, with the "
        "same namespaces."
    ),
)
_PROGRAM = says(
    "rule.document.part_versions.program",
    one=(
        "The properties say that version {version} of the program saved the document, but its part {part} declares "
        "what version {declared} does."
    ),
)
_EDITED = says(
    "rule.document.part_versions.last_edited",
    one=(
        "The properties say that version {version} of Excel saved the workbook, but the workbook counts the version "
        "that edited it last as {said}, which Excel {versions} writes."
    ),
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare parts with each other, then parts and the workbook's number with the version in the properties."""
    version, stated = versions.major(facts), fact_named(facts, "ooxml.app_version")
    if version is None or stated is None:
        return
    if (pair := versions.unlike(facts)) is not None:
        one, other = sorted(pair, key=lambda part: -len(part.known))
        known = next((name for name in reversed(one.known) if name not in other.known), "")
        values = {"one": one.part, "other": other.part, "known": known}
        yield _observed(_PARTS(**values), "parts", ("a part", one.fact), ("another", other.fact))
        return
    for part in versions.declared(facts):
        if not versions.fits(facts, part, version):
            values = {"version": f"{version}.0", "part": part.part, "declared": f"{part.version}.0"}
            yield _observed(_PROGRAM(**values), "program", ("version", stated), ("root of a part", part.fact))
            break
    for said, fitting in versions.edited(facts):
        if version not in fitting:
            values = {"version": f"{version}.0", "said": said.value, "versions": " / ".join(map(str, fitting))}
            yield _observed(_EDITED(**values), "last_edited", ("version", stated), ("last edited", said))


def _observed(sentence: Sentence, name: str, one: tuple[str, Fact], other: tuple[str, Fact]) -> Observation:
    return Observation(
        sentence=sentence,
        bin=name,
        evidence=(cite_fact(*one, Role.EITHER), cite_fact(*other, Role.EITHER)),
        suspect=one[1].locator.path,
    )


def _office(kind: str, version: str, *facts: Fact) -> DocumentFacts:
    name = {"word": "Microsoft Office Word", "excel": "Microsoft Excel"}[kind]
    form = fact("ooxml.package_form", "9 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none")
    said = (fact("ooxml.application", name), fact("ooxml.app_version", version), form, *facts)
    return document(format=f"ooxml.{kind}", properties=said)


def _root(part: str, *names: str) -> Fact:
    return fact("ooxml.namespaces", " ".join((part, *names)), path=part)


def cases() -> Iterator[Case]:
    """Cases of agreement and of each disagreement."""
    of_2010, of_2013 = ("word/2010/wordml",), ("word/2010/wordml", "word/2012/wordml")
    of_2016 = (*of_2013, "word/2015/wordml/symex")
    text, settings = "word/document.xml", "word/settings.xml"
    yield silent(_office("word", "16.0000", _root(text, *of_2016), _root(settings, *of_2016)), "one version")
    yield silent(_office("word", "12.0000", _root(text), _root(settings)), "Word 2007 declares none")
    mixed = _office("word", "16.0000", _root(text, *of_2010), _root(settings, *of_2016))
    yield fires(mixed, "a text of Word 2010 among parts of Word 2016", bin="parts")
    yield fires(_office("word", "12.0000", _root(text, *of_2013)), "Word 2013's parts under 2007's name", bin="program")
    du = "word/2023/wordml/word16du"
    early = _office("word", "16.0000", _root(text, *of_2016, du), _root(settings, *of_2016))
    yield silent(early, "a namespace that builds of 2023 declare in the text alone")
    styles = _root("xl/styles.xml", "spreadsheetml/2009/9/ac")
    yield silent(_office("excel", "14.0300", styles, fact("ooxml.workbook_last_edited", "5")), "Excel 2010")
    yield fires(_office("excel", "12.0000", styles), "styles of Excel 2010 under 2007's name", bin="program")
    edited = _office("excel", "12.0000", fact("ooxml.workbook_last_edited", "7"))
    yield fires(edited, "a workbook that Excel 2016 edited, under 2007's name", bin="last_edited")
    yield silent(_office("excel", "16.0300", fact("ooxml.workbook_last_edited", "6")), "early builds of Excel 2016")
    web = document(format="ooxml.word", properties=(fact("ooxml.application", "Word for the web"), _root(text)))
    yield silent(web, "another program")
