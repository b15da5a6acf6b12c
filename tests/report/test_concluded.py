import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forensics.knowledge.wording import Wording
from forensics.model.findings import Compared, Concluded, Ranked, Related
from forensics.model.sentences import says
from forensics.report import concluded, csv_lines, html, jsonl, sheet, table

EVIL = "=cmd()\x1b[31m\u202egnp"
_SAID = says("test.concluded", one="{words} stands here.")
SENTENCE = _SAID(words=EVIL)


def shown(renderable: object) -> str:
    out = io.StringIO()
    Console(file=out, width=80, markup=False, highlight=False).print(renderable)
    return out.getvalue()


@pytest.fixture
def entry(summary) -> Ranked:
    """A line about two mails with a conclusion that quotes hostile words."""
    line = next(line for line in summary.ranking if line.item is not None)
    other = next(ref for facts in summary.items.values() if (ref := facts.ref).sha256 != line.item.sha256)
    return replace(
        line,
        conclusion=Wording("en").said(SENTENCE),
        side="Nothing here tells.",
        concluded=Concluded(kind="copies", sentences=(SENTENCE,)),
        related=(Related(item=other, relation="version"),),
        compared=(
            Compared(trait="subject", same=False, values=(EVIL, "")),
            Compared(trait="sender", same=True, values=("anna@one.example", "anna@one.example")),
        ),
    )


def test_an_entry_begins_with_its_conclusion(entry: Ranked) -> None:
    lines = shown(table.rank([entry])).splitlines()
    assert "\\x1b[31m\\u202egnp stands here." in lines[2]
    assert "Nothing here tells." in lines[3]
    assert entry.reasons[0][:20] in "".join(lines[4:])
    assert max(map(len, lines)) <= 80


def test_an_entry_without_one_is_as_it_was(summary) -> None:
    line = summary.ranking[0]
    assert line.conclusion == "" and concluded.lines(line, Wording("en")) == []


def test_the_sheet_says_whose_conclusion_it_is(summary, entry: Ranked) -> None:
    facts = summary.items[entry.item.sha256]
    own = shown(sheet.show(facts, (), entry=entry))
    assert "is about it too" not in own
    for words in ("stands here.", "another version of this mail", "the same: anna@one.example", "\\u202egnp"):
        assert words in own
    assert "\x1b" not in own and "\u202e" not in own
    other = summary.items[entry.related[0].item.sha256]
    assert f"Entry {entry.rank} is about it too. Of that it is said" in shown(sheet.show(other, (), entry=entry))


def test_csv_has_it_where_no_formula_runs(entry: Ranked) -> None:
    head, line = csv_lines.rank([entry])
    assert "marks,conclusion,side,likelier" in head
    assert ",'=cmd()" in line and "\x1b" not in line and "\u202e" not in line


def test_json_has_the_sentence_with_its_values(entry: Ranked) -> None:
    (line,) = jsonl.rank([entry])
    assert b'"key":"test.concluded"' in line and b'"relation":"version"' in line


def test_the_page_shows_it_escaped(summary, entry: Ranked) -> None:
    marked = replace(entry, conclusion="<b>bold</b>", concluded=None)
    page = html.render(replace(summary, ranking=(marked, *summary.ranking[1:])))
    assert page.count("&lt;b&gt;bold&lt;/b&gt;") == 3, "on the first page, in the ranking and on its own block"
    assert "<b>bold</b>" not in page
    assert "another version of this mail" in page and "the same: anna@one.example" in page
    assert "\u202e" not in page


def test_another_language_writes_it_from_its_key(entry: Ranked) -> None:
    say = Wording("en")
    say.language = "fr"
    kept = replace(entry, conclusion="kept in English")
    assert say.concluded(kept)[0] == f"{EVIL} stands here."
    unknown = replace(kept, concluded=Concluded(kind="copies", sentences=(SENTENCE, replace(SENTENCE, key="gone"))))
    assert say.concluded(unknown)[0] == "kept in English", "a sentence of another version"
