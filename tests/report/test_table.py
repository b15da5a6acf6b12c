import io
import re

import msgspec
import pytest
from rich.console import Console

from forensics.knowledge.rates import RateRow
from forensics.model.findings import Combined
from forensics.model.lines import ItemLine, Place
from forensics.report import sheet, table, timeline


def shown(renderable, width=80):
    out = io.StringIO()
    Console(file=out, width=width, markup=False, highlight=False).print(renderable)
    return out.getvalue()


@pytest.fixture
def outputs(summary, first):
    found = [stored.finding for stored in summary.findings.values()]
    lines = [
        ItemLine(
            **{"sha256": facts.ref.sha256, "size": facts.size, "media_type": facts.media_type, "status": facts.status},
            **{"location": Place.of(facts.ref.location), "parser": facts.parser, "notices": facts.notices, "power": ()},
        )
        for facts in summary.items.values()
    ]
    rates = (RateRow("mail.date_weekday", 1, "mismatch", "L1 linux-mips", "any", "list", 2, 83_361),)
    return {
        "items": shown(table.items(lines)),
        "rank": shown(table.rank(summary.ranking)),
        "findings": shown(table.findings(found)),
        "timeline": shown(table.timeline(timeline.lines(first.timestamps, "00", first.ref.location, first.title))),
        "rules": shown(table.rules(summary.rules)),
        "rule": shown(table.rule(summary.rules[0], rates)),
        "show": shown(sheet.show(first, found[:2])),
    }


def test_nothing_is_wider_than_the_terminal_or_hides_a_character(outputs):
    for text in outputs.values():
        assert max(len(line) for line in text.splitlines()) <= 80
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text)


def test_what_each_table_says(outputs):
    assert re.search(r"ccdd35168ab4 .*\nmail.rfc5322 .*\n11,088 bytes", outputs["items"])
    assert "9 items that share “Gregor Pavlenko”" in outputs["rank"]
    assert "rarer than 1 in 38,000 genuine items (seen in 2 of 116,902)" in outputs["findings"]
    assert re.search(r"2017-05-05T20:11:04 +packer leak.zip", outputs["timeline"])
    assert "local-time" in outputs["timeline"]
    assert "mail.date_weekday" in outputs["rules"]
    assert re.search(r"mismatch +L1 linux-mips +any +list +2 +83,361", outputs["rule"])
    assert "+2 d 05:50:41" in outputs["show"]
    assert "✗ excluded: some skew" in outputs["show"]


def test_what_is_strong_together_is_one_line_of_the_ranking_and_of_the_sheet(summary, first):
    both = Combined(owners=3, findings=(), hits=2, n=33_687, series=1, corpus="A+B", routes=("list",), bound=1.9e-4)
    line = msgspec.structs.replace(summary.ranking[0], combined=both)
    said = "3 independent kinds of evidence, each moderate alone; 3 or more such met on 2 of 33,687"
    assert said in " ".join(shown(table.rank([line])).split())
    sheet_text = " ".join(shown(sheet.show(first, [], entry=line)).split())
    assert f"strong {said} genuine mails, all of them from 1 sender (A and B): rarer than 1 in 5,200." in sheet_text
    assert "independent kinds" not in shown(table.rank([summary.ranking[0]])) + shown(sheet.show(first, []))


def test_text_of_the_evidence_is_never_markup(summary):
    ranked = msgspec.structs.replace(summary.ranking[0], reasons=("[bold red]x[/] \x1b[31m \u202e",))
    out = io.StringIO()
    Console(file=out, width=80, force_terminal=True, color_system=None).print(table.rank([ranked]))
    assert "[bold red]x[/] \\x1b[31m \\u202e" in out.getvalue()


def test_an_item_without_findings(first):
    text = shown(sheet.show(first, []))
    assert "No findings: 1 of 2 rules for such items had the facts that they need" in " ".join(text.split())
    bare = msgspec.structs.replace(first, timestamps=(), notices=(), claims=(), title="")
    assert "leak.zip > mail/campaign.mbox > mbox:4118" in shown(sheet.show(bare, []))


def test_an_item_of_a_case_that_is_not_judged(first):
    text = shown(sheet.show(first, [], judged=False))
    assert "The rules have not judged this case." in text
    assert "Could be judged by" in text
    assert "No findings" not in text
