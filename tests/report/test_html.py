import base64
import hashlib
import re
import time
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise

import msgspec
import pytest

from forensics.errors import UsageError
from forensics.model.scanning import Unread
from forensics.report.html import BYTES_MAX, render

VOID = {"meta", "br", "line", "path", "circle", "rect"}
PARTS = "html head meta title style body header main section article nav div span p h1 h2 h3 h4 h5 a ul ol li dl dt dd"
TABLES = "table caption thead tbody tr th td strong code mark br details summary"
PICTURES = "figure figcaption svg desc g line rect circle path text"
ALLOWED = set(f"{PARTS} {TABLES} {PICTURES}".split())
QUESTIONS = (
    "What was received?",
    "What does not fit, how certain is it",
    "innocent cause",
    "who can confirm it, with which record",
    "re-checked?",
    "not tested?",
)


class Page(HTMLParser):
    """Tags with their attributes in order; what a strict reader would complain about."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.crossed = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


@pytest.fixture(scope="module")
def text(summary):
    return render(summary)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def bare(summary, **changes):
    nothing = {"ranking": (), "findings": {}, "items": {}, "set_aside": ()}
    return msgspec.structs.replace(summary, **nothing, **changes)


def test_the_page_is_whole_and_holds_only_what_it_may(page):
    assert page.open == [] == page.crossed
    assert {tag for tag, _ in page.tags} <= ALLOWED
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "background")
        ]


def test_links_stay_on_the_page_and_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in ("href", "aria-labelledby"):
            for target in attributes.get(name, "").split():
                assert target.removeprefix("#") in ids
        if "href" in attributes:
            assert attributes["href"].startswith("#")


def test_the_policy_allows_this_style_and_nothing_else(page, text):
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_headings_descend_one_level_at_a_time_and_the_language_is_named(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert page.tags[0] == ("html", {"lang": "en"})


def test_pictures_have_title_and_description_and_tables_have_headings(page):
    tags = [tag for tag, _ in page.tags]
    pictures = [a for tag, a in page.tags if tag == "svg"]
    assert all(("aria-labelledby" in a and a["role"] == "img") or a.get("aria-hidden") == "true" for a in pictures)
    described = sum(a.get("role") == "img" for a in pictures)
    assert described == tags.count("desc") == 9
    assert all("scope" in a for tag, a in page.tags if tag == "th")


def test_nothing_of_the_evidence_is_markup_control_or_link(summary):
    evil = '"><script>x</script><img src=http://evil.example/a>\x1b]0;\u202e\u2066\x00\ufeff javascript:alert(1)'
    raw = msgspec.json.encode(summary).decode()
    hostile = raw.replace("Gregor Pavlenko", "EVIL").replace("Re: virement", "EVIL").replace("P. Lemaire", "EVIL")
    hostile = hostile.replace("campaign.example", "EVIL").replace("mail.bare_lf", "EVIL").replace("some_skew", "EVIL")
    hostile = (
        hostile.replace("Microsoft Excel", "EVIL").replace("staff", "EVIL").replace("message/rfc822", "message/EVIL")
    )
    quoted = msgspec.json.encode(evil).decode()[1:-1]
    text = render(msgspec.json.decode(hostile.replace("EVIL", quoted), type=type(summary)))
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert page.crossed == []
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]", text
    )
    assert "http://" not in text
    assert "javascript:" not in text
    assert "hxxp://evil[.]example" in text


@pytest.mark.parametrize(
    "case", ["whole", "no findings", "no mails", "everything unread", "no sources", "no dates", "bad head"]
)
def test_six_questions_are_answered_whatever_there_is(summary, case):
    none = {"messages": 0, "documents": 0, "archives": 0, "signatures": 0, "signed_messages": 0}
    counts = msgspec.structs.replace(summary.counts, **none)
    idle = tuple(msgspec.structs.replace(row, powered=0) for row in summary.power)
    lost = Unread(status="unread", reason="engine.watchdog", count=3, size=9, sample=())
    extent = msgspec.structs.replace(summary.extent, judged=0)
    nothing = msgspec.structs.replace(extent, items=3, by_status={"unread": 3}, unread=(lost,))
    empty = msgspec.structs.replace(extent, items=0, by_status={}, unread=())
    chosen = {
        "whole": summary,
        "no findings": bare(summary),
        "no mails": msgspec.structs.replace(summary, counts=counts, senders=(), agreeing=()),
        "everything unread": bare(summary, counts=counts, power=idle, months=(), extent=nothing, notices={}),
        "no sources": bare(summary, info=msgspec.structs.replace(summary.info, sources=(), captured="", released="")),
        "no dates": msgspec.structs.replace(summary, months=(), undated=0),
        "bad head": msgspec.structs.replace(summary, custody_head="", extent=empty, rules=(), corpora=()),
    }[case]
    text = render(chosen)
    assert Page(text).crossed == []
    front = re.sub("<[^>]*>", " ", text[text.index("<header>") : text.index('id="ranking"')])
    for question in QUESTIONS:
        assert question.lower() in front.lower()
    assert "forensics verify CASE" in front
    assert "Who wrote a text" in front
    if not chosen.ranking:
        assert "was not tested does not count in its favour" in front or "Nothing could be tested" in front


def test_the_first_page_names_the_strongest_with_its_count(text):
    front = re.sub("<[^>]*>", " ", text[text.index("<header>") : text.index('id="ranking"')])
    for said in (
        "The Date field says Tuesday",
        "rarer than 1 in 38,000 genuine mails (seen in 2 of 116,902)",
        "clock set by hand",
        "delivery log",
    ):
        assert said in front
    assert "not the probability" in front


def test_deciding_bytes_are_marked_inside_what_stands_around_them(text):
    assert "Date: <mark>Tue, 24 Apr 2017 10:12:31 +0200</mark>\\r\\n<br>" in text
    assert '<mark class="witness">Wed, 26 Apr 2017 14:03:12 +0000</mark>' in text


def test_no_text_stands_in_a_template():
    folder = resources.files("forensics.report") / "templates"
    for file in folder.iterdir():
        if file.name.endswith(".html"):
            source = file.read_text(encoding="utf-8")
            rest = re.sub(r"\{[{%#].*?[}%#]\}", "", re.sub(r"<style>.*?</style>", "", source), flags=re.DOTALL)
            words = re.findall("[A-Za-z]{3,}", re.sub("<[^>]*>", " ", rest))
            assert set(words) <= {"forensics", "rank", "CASE", "ledger", "missing"}, file.name


def test_text_is_dark_enough_on_its_ground():
    css = (resources.files("forensics.report") / "templates" / "report.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+): (#\w+)", css))

    def light(color):
        digits = color[1:] if len(color) == 7 else "".join(c * 2 for c in color[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def contrast(one, other):
        high, low = sorted((light(one), light(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for ground in ("#fff", named["pale"]):
        for ink in (named["ink"], named["soft"], named["accent"], "#4d4d4d", "#333"):
            assert contrast(ink, ground) >= 7
    assert contrast("#000", named["mark"]) >= 7


def test_fifty_blocks_are_quick_and_small(summary, first):
    many = tuple(msgspec.structs.replace(summary.ranking[0], rank=n + 1) for n in range(300))
    big = msgspec.structs.replace(summary, ranking=many, ranked={"strong": len(many)})
    render(summary)
    start = time.perf_counter()
    text = render(big)
    assert time.perf_counter() - start < 1
    assert text.count('<article class="block"') == 50
    assert "250 more entries are not shown in detail here" in text


def test_a_page_never_exceeds_its_limit(summary):
    raw = msgspec.json.encode(summary).decode()
    giant = raw.replace("Re: virement", "\u202e" * 200_000).replace("Gregor Pavlenko", "Ж" * 50_000)
    text = render(msgspec.json.decode(giant, type=type(summary)))
    assert len(text.encode()) < BYTES_MAX


def test_wrong_calls(summary):
    with pytest.raises(UsageError):
        render(summary, language="xx")


def test_the_same_page_twice(summary, text):
    assert render(summary) == text
