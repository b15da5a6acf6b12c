"""What stands in English on a page of another language: marked where an element may stand, and counted."""

import pytest

from forensics.knowledge import languages
from forensics.knowledge.terms import KINDS
from forensics.model.sentences import says
from forensics.report.untranslated import MarkedWording

LACKING = says(
    "report.test.lacking", one="Nobody translated {what}", many="Nobody translated {n}", none="Nobody at all"
)
SIGN = says("report.test.sign", one="{a}: {b}")


@pytest.fixture
def say() -> MarkedWording:
    return MarkedWording("fr")


def test_a_sentence_without_translation_is_marked_and_counted(say: MarkedWording) -> None:
    page = f"<p>{say.say(KINDS['mail'], 2)}. {say.say(LACKING, what='this')}.</p>"
    assert say.marked(page) == '<p>2 courriels. <span lang="en">Nobody translated this</span>.</p>'
    assert say.missing == {"report.test.lacking"}
    assert say.marked(say.say(LACKING, 3)) == '<span lang="en">Nobody translated 3</span>'
    assert say.marked(say.say(LACKING, 0)) == '<span lang="en">Nobody at all</span>'
    assert say.missing == {"report.test.lacking", "report.test.lacking.none"}
    assert say.say(SIGN, a="x", b="y") == "x: y" and len(say.missing) == 2


def test_no_element_stands_in_an_attribute_a_title_or_a_picture(say: MarkedWording) -> None:
    text = say.english("some words")
    for page in (
        '<td data-label="{}">x</td>',
        "<title>{}</title>",
        "<svg><title>{}</title><g><text>{}</text></g></svg>",
        "<svg><svg></svg>{}</svg>",
    ):
        assert say.marked(page.replace("{}", text)) == page.replace("{}", "some words")
    after = "<svg></svg><p>{}</p>"
    assert say.marked(after.replace("{}", text)) == after.replace("{}", '<span lang="en">some words</span>')


def test_marks_in_marks_and_marks_that_were_cut(say: MarkedWording) -> None:
    inner = say.english("b")
    assert say.marked(f"<p>{say.english(f'a {inner} c')}</p>") == '<p><span lang="en">a b c</span></p>'
    whole = f"before {say.english('in English')}"
    shown = {say.marked(f"<p>{whole[:length]}</p><p>{inner}</p>") for length in range(9, len(whole) + 1)}
    for page in shown:
        head = page.removesuffix('<p><span lang="en">b</span></p>')
        assert page != head and head.count("<span") == head.count("</span>")
        # but for one mute sign, of which nothing says that it is a mark's
        assert head.replace("\ue000", "") in {"<p>before </p>", *[_shown("in English"[:n]) for n in range(11)]}


def _shown(text: str) -> str:
    return f'<p>before <span lang="en">{text}</span></p>'


def test_text_of_the_evidence_cannot_make_marks(say: MarkedWording) -> None:
    other = MarkedWording("fr").english("x")
    page = f"<p>\ue000 \ue000b {other}</p>"
    assert say.marked(page) == page
    assert say.marked(page + say.english("y")) == page + '<span lang="en">y</span>'


def test_an_english_page_has_no_marks() -> None:
    say = MarkedWording("en")
    assert say.say(LACKING, what="this") == "Nobody translated this" and say.english("a") == "a"
    assert say.missing == set() and say.marked("<p>a</p>") == "<p>a</p>"


def test_all_of_another_catalogue_is_as_it_was(say: MarkedWording) -> None:
    assert languages.translation("fr").pgettext("report.test.lacking", "a") == "a"
