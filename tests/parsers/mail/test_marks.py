import time

import pytest

from forensics.examples.located import located
from forensics.model.mail import MimePart
from forensics.model.mail_texts import BodyMark
from forensics.parsers.mail.bodies import Bodies
from forensics.parsers.mail.marks import MOST, MOST_PLACED, read_marks


def marks_of(
    html: str,
    media_type: str = "text/html",
    subject: str = "",
    *,
    disposition: str = "",
    filename: str = "",
    recipients: frozenset[str] = frozenset(),
) -> tuple[tuple[BodyMark, ...], bytes]:
    data = b"Subject: x\r\n\r\n" + html.encode()
    part = MimePart(
        number="",
        start=0,
        body_start=14,
        end=len(data),
        headers=(),
        media_type=media_type,
        charset="utf-8",
        encoding="8bit",
        disposition=disposition,
        filename=filename,
    )
    return read_marks(Bodies(part, data), located(subject, "header:Subject[0]"), recipients), data


def stands(mark: BodyMark, data: bytes) -> bool:
    """Whether the bytes of a mark stand where it says."""
    ((start, end),) = mark.shown.locator.ranges
    return data[start:end] == mark.shown.raw


@pytest.mark.parametrize(
    ("html", "kind", "shown"),
    [
        ('<a href="http://evil.test/x">https://bank.example/login</a>', "other_host", "bank.example"),
        ('<a href="http://evil.co.uk/x">www.bank.co.uk</a>', "other_host", "bank.co.uk"),
        ('<a href="http://bit.ly/2abc">confirm</a>', "shortener", "http://bit.ly/2abc"),
        ('<a href="data:text/html,x">open</a>', "active_target", "data:text/html,x"),
        ('<a href="https://www.google.com/url?q=http://evil.test">here</a>', "redirect", "google.com/url"),
        ('<a href="https://accounts.google.com/o/oauth2/auth?client_id=1">allow</a>', "consent", "oauth2"),
        ('<form action="http://evil.test/post"><input name=p></form>', "form", "http://evil.test/post"),
        ('<meta http-equiv="Refresh" content="60;url=http://evil.test">', "refresh", "60;url="),
        ("<script>top.location='x'</script>", "script", "top.location"),
        ('<img src="http://t.test/i?u=1" width="1" height="1">', "pixel", "http://t.test/i?u=1"),
        ('<div style="display:none">the sum was agreed on the telephone with both</div>', "hidden_text", "the sum"),
        ("<p>pay\u200bpal</p>", "zero_width", "pay\\u200bpal"),
        ("<p>p\u0430ypal</p>", "mixed_scripts", "p\\u0430"),
        ("<p>invoice\u202efdp.exe</p>", "bidi", "\\u202e"),
    ],
)
def test_each_kind(html: str, kind: str, shown: str) -> None:
    found, data = marks_of(html)
    (mark,) = [one for one in found if one.kind == kind]
    assert shown in mark.shown.value
    assert stands(mark, data)
    assert 0 < len(mark.shown.raw) < len(html.encode())


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://www.bank.example/login">https://bank.example</a>',
        '<a href="https://login.bank.co.uk/login">www.bank.co.uk</a>',
        '<a href="https://eur01.safelinks.protection.outlook.com/?url=x">https://bank.example/</a>',
        '<a href="https://bank.example/login">our pages</a>',
        '<a href="#top">top</a><a href="mailto:a@b.example">a@b.example</a><a href="http://[">x</a>',
        '<style style="display:none">p {margin-top: 0; margin-bottom: 0; color: black}</style>',
        '<span style="display:none">Hello</span>',
        '<img src="http://x.test/logo.png" width="200" height="10"><img src="cid:1" width="1" height="1">',
        "<p>Москва is a город, α and β are letters</p>",
        "<p>\ufeffText</p>",
    ],
)
def test_what_genuine_mail_has(html: str) -> None:
    assert marks_of(html)[0] == ()


def test_subjects_and_plain_texts_are_looked_at() -> None:
    assert [one.kind for one in marks_of("x", "text/plain", "p\u0430yment")[0]] == ["mixed_scripts"]
    assert [one.kind for one in marks_of("pay\u200bpal", "text/plain")[0]] == ["zero_width"]


def test_marks_are_limited_and_broken_pages_read() -> None:
    found, _ = marks_of('<a href="http://bit.ly/x">x</a>' * 200 + "<form action=http" + "<" * 3000)
    assert len(found) == MOST


def test_marks_without_a_place_of_their_own_say_so() -> None:
    links = "".join(f'<a href="http://bit.ly/{place}">x</a>' for place in range(8))
    found, _ = marks_of(links)
    assert [one.exact for one in found] == [True] * MOST_PLACED + [False] * 3
    (hidden,), data = marks_of('<div style="display:none">the <b>sum was agreed on the telephone</b> with both</div>')
    assert not hidden.exact and stands(hidden, data)


@pytest.mark.parametrize(
    "target",
    [
        "https://kit.test/?e=ben@two.example",
        "https://kit.test/?e=BEN%40two.example",
        "https://kit.test/#YmVuQHR3by5leGFtcGxl",
        "https://kit.test/#ben@two.example",
    ],
)
def test_a_link_with_the_readers_own_address(target: str) -> None:
    found, data = marks_of(f'<a href="{target}">Open</a>', recipients=frozenset({"ben@two.example"}))
    (mark,) = [one for one in found if one.kind == "address_in_link"]
    assert stands(mark, data) and mark.shown.raw == target.encode()
    others, _ = marks_of(f'<a href="{target}">Open</a>', recipients=frozenset({"eva@two.example"}))
    assert not [one for one in others if one.kind == "address_in_link"]


FORM = '<form action="http://evil.test/post"></form><p>pay\u200bpal</p>'


def test_an_attached_page_is_named_with_what_it_does() -> None:
    found, _ = marks_of(FORM, disposition="attachment", filename="invoice.html")
    assert [(one.kind, one.shown.value) for one in found] == [("attached_page", "invoice.html: form")]
    assert marks_of("<p>Minutes</p>", disposition="attachment", filename="a.html")[0] == ()


def test_a_named_page_that_is_shown_at_once_is_a_text() -> None:
    found, _ = marks_of(FORM, filename="invoice.html")
    assert {one.kind for one in found} == {"form", "zero_width"}


LAWFUL = [
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 picnic",
    "ok \U0001f3c3\U0001f3fd\u200d\u2640\ufe0f\u2764\ufe0f 1\ufe0f\u20e3",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 iPhone\u200c\u0647\u0627",
    "\u0915\u094d\u200d\u0937 \u0928\u094d\u200c\u0928",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f wins",
    "\u200eabc\u200f (\u05e9\u05dc\u05d5\u05dd\u200f)",
    "\ufeffOn Monday he wrote",
    "your order\u200c\u00a0\u200c\u00a0\u200c\u00a0\u200c",
    "\u845b\U000e0100\u57ce",
    "compre\u00adhen\u00adsive Donau\u00addampf\u00adschiff vi\u00ada\u00adje",
    "\u0441\u043e\u0442\u0440\u0443\u0434\u043d\u0438\u00ad\u0447\u0435\u0441\u0442\u0432\u043e",
    "\u1780\u1793\u200b\u1793\u1791\u17b8\u200b 10\u200b \u1780\u1793 iPhone\u200b\u1780\u1793, \u200b2020",
    "\u06a9\u062a\u0627\u0628 \u200cPDF\u200c \u0647\u0627, \u0647\u200d 1435",
    "\u0e01\u0e32\u0e23\u200b\u0e17\u0e33 \u0e87\u0eb2\u0e99\u200b\u0e97\u0eb3 \u1019\u103c\u200b\u1014",
    "\ua9a0\u200b\ua98f \u0f56\u0f7c\u0f51\u200b\u0f61 \u6f22\u5b57\u200b\u304b\u306a\u2060\u3092",
    "on\u2060/off, re\u2060-\u2060use, 10\u2060\u00a0km A\u2060\u00a0B, 10\u2060\u201320",
    "Auf\u200clage",
    "13\u03bcm, \u0394t, 5 k\u03a9, 2\u03c0r",
    "\u2068Alice\u2069 mentioned you in \u2068general\u2069",
    "\u202a+1 555 0100\u202c or \u202d+1 (555) 0101\u202c",
    "\u202b\u05e9\u05dc\u05d5\u05dd, Alice\u202c and \u2066Bob\u2069",
    "\u05e9\u05dc\u05d5\u05dd \u2067Alice\u2069 \u202bBob (2)\u202c",
    "\u2067\u0645\u0631\u062d\u0628\u0627 2020\u2069",
    "\u2067\u2069 \u202b!\u202c \u202c\u2069",
    "d\u00c3\u00ada, \u00d0\u009f\u00d1\u0080\u00d0\u00b8\u00d0\u00ad\u00d0\u00ad",
    "pay\u00e2\u20ac\u2039pal \u00e2\u0080\u008bsum",
    "M\u0413\u0458ller caf\u0413\u00a9",
    "\u00c3\u00ada\u00c3\u00adb\u00c3\u00adc\u00c3\u00add",
    "a\u00e2\u200d\u0153b",
]


@pytest.mark.parametrize("text", LAWFUL)
def test_joiners_tags_and_selectors_where_scripts_need_them(text: str) -> None:
    assert marks_of(text, "text/plain", text)[0] == ()
    assert marks_of(f"<p>{text}</p>")[0] == ()
    coded = "".join(one if one.isascii() else f"&#{ord(one)};" for one in text)
    assert marks_of(f"<p>{coded}</p>")[0] == ()


HIDDEN = [
    "pay\u200cpal",
    "pay\u200dpal",
    "pay\u2063pal",
    "the sum\u200b of",
    "the sum\u200c of",
    "the sum\u2060.",
    "the \u200bsum",
    "the (\u200dsum)",
    "sum\u200b",
    "\u200csum",
    "\u0441\u0443\u043c\u043c\u0430\u200c \u0438",
    "sum\U000e0041\U000e0042 of",
    "end. \U000e0041\U000e0042",
    "\U0001f3f4" + "\U000e0061" * 12 + "\U000e007f",
    "sum\ufe01\ufe02",
    "x \u263a\ufe0e\U000e0101\U000e0102\U000e0103",
    "end. " + "\u200b\u200c\u200c\u200d" * 6,
    "P\u00ada\u00ady\u00adP\u00ada\u00adl",
    "\u043f\u00ad\u0430\u00ad\u0440\u00ad\u043e",
    "d\u00c3\u00ada pay\u200bpal",
    "on\u2060 off",
    "\u1780\u1793 pay\u200bpal",
    "\u1780 " + "\u200b\u200c\u200c\u200d" * 6,
]


@pytest.mark.parametrize("text", HIDDEN)
def test_characters_of_no_width_that_no_script_needs(text: str) -> None:
    for found, data in (marks_of(text, "text/plain"), marks_of(f"<p>{text}</p>")):
        (mark,) = found
        assert mark.kind == "zero_width" and mark.exact
        assert stands(mark, data) and not mark.shown.raw.isascii()
    assert [mark.kind for mark in marks_of("x", "text/plain", text)[0]] == ["zero_width"]


TURNED = [
    "invoice\u202efdp.exe",
    "invoice\u202efdp.exe\u202c is here",
    "\u202dthe sum\u202c",
    "\u202d\u05e9\u05dc\u05d5\u05dd\u202c",
    "see \u202binvoice (exe.pdf)\u202c",
    "see \u2067invoice.exe",
    "\u2068\u2067fdp.exe\u2069\u2069",
    "call \u202b555 0100\u202c",
    "\u202e\u2069fdp.exe",
    "\u202a\u202c \u2068x\u2069 \u202efdp.exe",
]


@pytest.mark.parametrize("text", TURNED)
def test_controls_that_turn_what_is_read(text: str) -> None:
    assert [mark.kind for mark in marks_of("x", "text/plain", text)[0]] == ["bidi"]
    (mark,), data = marks_of(f"<p dir=ltr>{text}</p>")
    assert mark.kind == "bidi" and stands(mark, data)


def test_many_marks_of_a_misread_text_are_not_looked_at_one_by_one() -> None:
    text = "M\u0413\u0458ller " * 100_000
    started = time.process_time()
    assert marks_of(text, "text/plain")[0] == ()
    assert time.process_time() - started < 5


def test_characters_of_a_page_that_are_named_by_number() -> None:
    for page in ("<p>pay&#8203;pal</p>", "<p>pay&#x200C;pal</p>", "<p>pay&zwj;pal</p>"):
        (mark,), data = marks_of(page)
        assert (mark.kind, mark.exact) == ("zero_width", True)
        assert stands(mark, data) and mark.shown.raw.startswith(b"&") and mark.shown.raw.endswith(b";")
    assert [mark.kind for mark in marks_of("<p>p&#1072;ypal</p>")[0]] == ["mixed_scripts"]


@pytest.mark.parametrize(
    "link",
    [
        "http://www.bank.example@evil.test/x",
        "https://www.bank.example:login@203.0.113.7/",
        "http://bank.example%2Flogin@evil.test",
        "http://www.bank.example%40evil.test/",
    ],
)
def test_a_user_who_looks_like_a_host(link: str) -> None:
    for found, data in (marks_of(f'<a href="{link}">pay</a>'), marks_of(f"Go to <{link}> now", "text/plain")):
        (mark,) = found
        assert mark.kind == "host_as_user" and stands(mark, data)
        assert mark.shown.raw == link.rstrip("/x").encode() or link.startswith(mark.shown.value)


@pytest.mark.parametrize(
    "link",
    [
        "https://john.smith@bitbucket.org/a/b.git",
        "https://git@github.com/a.git",
        "https://www.bank.example/@user",
        "https://www.bank.example@mail.bank.example/",
        "http://h.example/?to=a.com@b.example",
        "see http://h.example and write to a.com@b.example",
    ],
)
def test_users_who_are_users(link: str) -> None:
    assert marks_of(f"{link}", "text/plain")[0] == ()
