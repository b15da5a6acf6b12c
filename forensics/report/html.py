"""The report: one self-contained page that loads, runs and links to nothing."""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from forensics._version import VERSION
from forensics.knowledge.terms import KINDS, STATUSES, STRENGTHS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import Ranked
from forensics.model.instants import claimed, moment
from forensics.model.sentences import Saying, Value, says
from forensics.model.summary import CaseSummary
from forensics.reader.reached import NOT_JUDGED
from forensics.report import accounting, ledger, phrases
from forensics.report.answer import answer, verify_command
from forensics.report.blocks import Builder
from forensics.report.cards import card
from forensics.report.columns import COLUMNS
from forensics.report.conclusions import reason, remedy, unread
from forensics.report.pictures import ledger as ledger_picture
from forensics.report.pictures import signers
from forensics.report.pictures.archive import Dated, archive
from forensics.report.rates import resting_on
from forensics.report.references import published
from forensics.report.untranslated import MarkedWording
from forensics.report.visible import defang, visible

_CAPTURED = says("report.picture.captured", one="captured")
_RELEASED = says("report.picture.released", one="released")

BLOCKS = 50
"""Ranked lines that get a block of their own."""
BYTES_MAX = 10_000_000


def render(summary: CaseSummary, language: str = "en") -> str:
    """Return the report of a case as one HTML page of at most 10 MB.

    Args:
        summary: everything that the page shows.
        language: ``en``, or a language that has a catalogue; what the catalogue lacks is in English.

    Raises:
        UsageError: there is no such language.
        KnowledgeError: a sentence lacks a value.
    """
    blocks = BLOCKS
    while True:
        page = _page(summary, MarkedWording(language), blocks)
        if blocks <= 1 or len(page) * 4 <= BYTES_MAX or len(page.encode("utf-8", "replace")) <= BYTES_MAX:
            return page
        blocks //= 2


def _page(summary: CaseSummary, say: MarkedWording, blocks: int) -> str:
    build = Builder(summary, say)
    style = _file("report.css")
    info = summary.info
    marks = [(info.captured, say.say(_CAPTURED)), (info.released, say.say(_RELEASED))]
    shown = summary.ranking[:blocks]
    page = (
        _environment()
        .get_template("report.html")
        .render(
            **_words(say, build),
            unread=unread(summary.extent, say),
            language=say.language.replace("_", "-"),
            css=Markup(style),
            policy=_policy(style),
            version=VERSION,
            summary=summary,
            info=info,
            counts=summary.counts,
            judged=summary.extent.reached.judged,
            answer=answer(summary, say, build),
            archive=archive(
                summary.months, [(date, label) for date, label in marks if date], _dated(summary, shown, build)
            ),
            years=_years(summary),
            ranking=[(ranked, card(ranked, say, build)) for ranked in shown],
            blocks=[build.block(ranked) for ranked in shown],
            rest=sum(summary.ranked.values()) - len(shown),
            rules={rule.id: rule for rule in summary.rules},
            verify=verify_command(summary),
            ledger=ledger_picture.picture(summary.ledger.months) if summary.ledger else None,
            ledger_reach=ledger.reach(summary.ledger.reach, say) if summary.ledger else "",
            ledger_benign=ledger.BENIGN,
            families=build.families.views(shown),
            **_accounts(summary, say),
            mailbox=lambda row: ledger.mailbox(row, say),
            marks=lambda row: say.clauses(list(ledger.marks(row, say))),
            signers=signers.picture(summary.senders),
            resting_on=resting_on(summary.routes, summary.counted, say),
            power=sorted(
                summary.power, key=lambda row: (row.powered / row.subjects if row.subjects else -1.0, row.rule)
            ),
        )
    )
    return say.marked(page)


def _accounts(summary: CaseSummary, say: Wording) -> dict[str, Any]:
    """Return what became of the bytes of the sources, each and all of them."""
    whole = accounting.total(summary.accounts)
    return {
        "accounts": summary.accounts,
        "account": whole,
        "account_columns": accounting.COLUMNS_OF_SOURCES,
        "most_sources": accounting.SHOWN,
        "states_of": accounting.states,
        "reasons_of": accounting.reasons(whole, say),
        "types_of": accounting.types(whole, say),
        "doubts": list(accounting.doubts(whole, say)),
        "added_up": accounting.ADDED_UP,
    }


def _words(say: MarkedWording, build: Builder) -> dict[str, Any]:
    """Return what templates say things with: the sentences and numbers of one language."""
    return {
        "says": _saying(say),
        "say": say.say,
        "said": say.said,
        "written": build.written,
        "concluded": say.concluded,
        "finding": say.finding,
        "n": say.number,
        "colon": say.colon,
        "english": say.english,
        "title": say.title,
        "published": published,
        "untranslated": lambda: len(say.missing),
        "semicolon": say.semicolon,
        "size": say.size,
        "share": say.share,
        "instant": say.instant,
        "cause": say.cause,
        "reason": lambda code: reason(code, say),
        "remedy": lambda row: remedy(row, say),
        "phrases": phrases,
        "column": COLUMNS,
        "kinds": KINDS,
        "statuses": STATUSES,
        "strengths": STRENGTHS,
        "none_given": NONE,
        "not_judged": NOT_JUDGED,
    }


def _saying(say: Wording) -> Callable[..., str]:
    """Return ``says`` for templates: a literal call declares a sentence where it is shown, and writes it."""

    def says(key: str, *, one: str, many: str = "", none: str = "", n: int | None = None, **values: Value) -> str:
        return say.say(Saying(key=key, one=one, many=many, none=none), n, **values)

    return says


def _dated(summary: CaseSummary, shown: tuple[Ranked, ...], build: Builder) -> list[Dated]:
    """Return the ranked lines that are about one item with a claimed moment, and what its clocks say."""
    found = []
    for ranked in shown:
        facts = summary.items.get(ranked.item.sha256) if ranked.item else None
        claim = claimed(facts.timestamps) if facts else None
        at = moment(claim) if claim else None
        if at is not None:
            found.append(Dated(ranked.rank, at, build.said(ranked)))
    return found


class Year(msgspec.Struct, frozen=True):
    """Claimed dates of one year."""

    year: str
    messages: int
    documents: int
    findings: int


def _years(summary: CaseSummary) -> list[Year]:
    found: dict[str, Year] = {}
    for row in summary.months:
        year = row.month[:4]
        old = found.get(year, Year(year, 0, 0, 0))
        messages, documents = old.messages + row.messages, old.documents + row.documents
        found[year] = Year(year, messages, documents, old.findings + row.findings)
    return [found[year] for year in sorted(found)]


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )


def _safe(value: object) -> object:
    """Make every text that a template puts out visible and unlinked: nothing has to be remembered in a template."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return defang(visible(value))
    return value


@cache
def _file(name: str) -> str:
    return (resources.files("forensics.report") / "templates" / name).read_text(encoding="utf-8")
