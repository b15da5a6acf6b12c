"""A document names a program that was released after the latest of its own times."""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._converted import CONVERTED, PACKED_BEFORE, converts, packed_before
from forensics.checks._facts import DAY, LOCAL, bin_of, cite, clock, settled, shown, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.compound import WINDOWS_XP, old_document
from forensics.examples.files import document, fact
from forensics.examples.times import time
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.knowledge.document_programs import Program, programs
from forensics.model.compound_documents import excel_major, mac_system, word_major
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Fact, Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    BenignState,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.program_after_date",
    version=4,
    title="Made by a program that did not yet exist",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE | DocumentHas.DATED,
    bins=nested("before", "before>1y"),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("date_set_by_tool", "author_clock", "save_time_kept"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:CLK-3", "kb:PDF-9", "kb:OOX-6"),
)

_SAID = says(
    "rule.document.program_after_date",
    one=(
        "The document names {program}, first released on {released}, but the latest of its own times is {date}, "
        "{early} before that program can have been in use."
    ),
)
_WRITTEN = says(
    "rule.document.program_after_date.written",
    one=(
        "The document's own stream says that {program} saved it, a version first released on {released}, but the "
        "latest of its own times is {date}, {early} before that program can have been in use."
    ),
)
_ON = says(
    "rule.document.program_after_date.system",
    one=(
        "The document was last saved on {program}, first released on {released}, but the latest of its own times is "
        "{date}, {early} before that system can have been in use."
    ),
)

_NAMES = (
    "ooxml.app_version",
    "pdf.producer",
    "pdf.creator",
    "xmp.producer",
    "xmp.creator_tool",
    "odf.generator",
    "ole2.application",
    "vba.reference",
)
_VERSION_APART = ("ooxml.app_version", "ole2.application")
"""Of documents that keep the name and the version of their program apart."""
_BINS = ((365 * DAY, "before>1y"), (0, "before"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the latest of the document's own two times with the release of each program that it names."""
    latest = max([stamp for stamp in (facts.created, facts.modified) if stamp], key=_latest)
    if is_template_time(_latest(latest)) or is_library_time(_latest(latest)):
        return
    found = [entry for entry in _early(facts, _latest(latest)) if bin_of(entry[0], _BINS)]
    if not found:
        return
    # A program that says more than that a document was converted comes first.
    early, program, named = max(found, key=lambda entry: (not _converter(entry[1]), entry[0]))
    released = clock(program.released * DAY)[:10]
    values = {"program": program.name, "released": released, "date": shown(latest), "early": span(early)}
    said = {"doc.product": _WRITTEN, "xls.last_saved": _WRITTEN, "ole2.system": _ON}.get(named.name, _SAID)
    yield Observation(
        sentence=said(**values),
        bin=bin_of(early, _BINS),
        evidence=(
            cite("latest time", latest, Role.SUSPECT),
            Evidence(role=Role.WITNESS, label="program", value=named.value[:200], raw=named.raw, locator=named.locator),
        ),
        suspect=latest.locator.path,
        benign=(_kept(facts, program),) if _converter(program) and converts(facts) else (),
    )


def _converter(program: Program) -> bool:
    return program.name.startswith("LibreOffice")


def _kept(facts: DocumentFacts, program: Program) -> BenignState:
    if packed_before(facts, (program.released - program.slack_days) * DAY):
        return settled("save_time_kept", State.EXCLUDED, PACKED_BEFORE())
    return settled("save_time_kept", State.EXPLAINS, CONVERTED())


def _early(facts: DocumentFacts, latest: int) -> Iterator[tuple[int, Program, Fact]]:
    """Yield by how much the document is older than each program's earliest use."""
    for one, text in _texts(facts):
        for program in programs(text):
            yield (program.released - program.slack_days) * DAY - latest, program, one


def _texts(facts: DocumentFacts) -> Iterator[tuple[Fact, str]]:
    """Yield what names a program, and in which words: numbers in those that programs use."""
    for one in facts.properties:
        if one.name in _NAMES:
            yield one, facts.application if one.name in _VERSION_APART else one.value
        elif one.name == "ole2.system" and (system := mac_system(one.value)):
            yield one, f"macOS {system}"
    if marked := word_major(facts):
        yield marked[0], f"Microsoft Word {marked[1]}.0"
    if marked := excel_major(facts):
        yield marked[0], f"Microsoft Excel {marked[1]}.0"


def _latest(stamp: Timestamp) -> int:
    if isinstance(stamp.instant, int):
        return stamp.instant
    return stamp.wall + LOCAL if isinstance(stamp.wall, int) else -(10**18)


def _word_16(created: str, modified: str | None = None) -> DocumentFacts:
    version = (fact("ooxml.app_version", "16.0000", path="xml:docProps/app.xml#AppVersion"),)
    return document(created, modified, properties=version, application="Microsoft Office Word 16.0000")


def _in_2009(**facts: str) -> DocumentFacts:
    form, system = facts.pop("format", "ole2.word"), facts.pop("system", WINDOWS_XP)
    at = ("2009-03-06T10:00:00Z", "2009-03-06T11:00:00Z")
    return old_document(*at, format=form, application="", system=system, **facts)


def cases() -> Iterator[Case]:
    """Cases of producers of PDF, and of Office's versions."""
    quartz = (fact("pdf.producer", "Mac OS X 10.7.4 Quartz PDFContext", path="pdf:3 0 R/Producer"),)
    mac = document("2006-06-08T10:00:00Z", "2006-06-08T10:00:00Z", format="pdf", properties=quartz)
    yield fires(mac, "six years before that system", bin="before>1y")
    skia = (fact("pdf.producer", "Skia/PDF m100"),)
    yield fires(document("2021-11-01T10:00:00Z", format="pdf", properties=skia), "months before", bin="before")
    yield silent(document("2022-03-01T10:00:00Z", format="pdf", properties=skia), "Google's renderer runs ahead")
    yield fires(_word_16("2010-03-06T10:00:00Z", "2010-03-06T11:00:00Z"), "in 2010", bin="before>1y")
    yield silent(_word_16("2010-03-06T10:00:00Z", "2017-03-06T11:00:00Z"), "saved anew by a later version")
    yield silent(_word_16("2006-09-16T00:00:00Z"), "the date of a blank workbook")
    excel = {"application": "Microsoft Excel 12.0", "ole2_application": "Microsoft Excel"}
    book = old_document("2001-03-06T10:00:00Z", "2001-03-06T11:00:00Z", format="ole2.excel", **excel)
    yield fires(book, "a workbook of 2001 by Excel 2007", bin="before>1y")
    marked = {"doc_version": "0x00C1", "doc_version_new": "0x0112", "doc_writer": "0x6A62", "doc_product": "0xE05F"}
    yield fires(_in_2009(**marked), "a stream of Word 2013, in 2009", bin="before>1y")
    yield silent(_in_2009(**marked | {"doc_writer": "0x534B"}), "WPS writes other numbers there")
    yield silent(_in_2009(**marked | {"doc_product": "0xC00F"}), "a preview of Word 2010")
    saved = {"format": "ole2.excel", "xls_last_saved": "8"}
    yield fires(_in_2009(**saved, xls_build="20314/1997"), "a workbook that Excel 16 saved", bin="before>1y")
    yield silent(_in_2009(**saved, xls_build="3515/1996"), "a library, with a number of its own")
    macro = (fact("vba.reference", r"*\G{2DF8D04C}#2.8#0#C:\MSO.DLL#Microsoft Office 16.0 Object Library"),)
    late = document("2009-03-06T10:00:00Z", properties=macro)
    yield fires(late, "macros with the library of Office 16", bin="before>1y")
    yield fires(_in_2009(system="0x00010D0A"), "saved on macOS 10.13", bin="before>1y")
    yield silent(_in_2009(system="0x00010A03"), "what Office for Mac wrote for long")
    yield from _libreoffice()
    other = (fact("pdf.producer", "Example Writer 9"),)
    yield silent(document("1999-03-06T10:00:00Z", format="pdf", properties=other), "a program of no known release")


def _libreoffice() -> Iterator[Case]:
    """Cases of documents that LibreOffice converted, and of a package that is dated as early as they say."""
    name = "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"
    version, generator = (fact("ooxml.app_version", "15.0000"),), (fact("odf.generator", name),)
    said = ("2016-03-06T10:00:00Z", "2016-03-06T11:00:00Z")
    docx = document(*said, properties=version, application=f"{name} 15.0000")
    yield explained(docx, "saved by LibreOffice, which keeps the dates", by="save_time_kept")
    local = [one.rstrip("Z") for one in said]
    odt = document(*local, format="odf.text", properties=generator, application=name)
    now, then = [
        replace(time(f"{at}Z", path="packed", kind=TimeKind.ODF_PACKED), instant=Absence.NOT_AVAILABLE)
        for at in ("2026-03-06T11:00:00", "2016-03-06T11:00:00")
    ]
    late = replace(odt, timestamps=(*odt.timestamps, now))
    yield explained(late, "packed after that version came out", by="save_time_kept")
    early = replace(odt, timestamps=(*odt.timestamps, then))
    yield fires(early, "packed before it too", bin="before>1y")
    pdf = document(*said, format="pdf", properties=(fact("pdf.producer", "LibreOffice 7.4"),))
    yield fires(pdf, "a PDF has a time of its own", bin="before>1y")
    both = (*version, fact("vba.reference", r"*\G{2DF8D04C}#2.8#0#C:\MSO.DLL#Microsoft Office 16.0 Object Library"))
    old = document("2009-03-06T10:00:00Z", properties=both, application=f"{name} 15.0000")
    yield fires(old, "macros of Office 16 beside it", bin="before>1y")
