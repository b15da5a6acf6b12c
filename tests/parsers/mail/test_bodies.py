import base64
import quopri
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.mail import MimePart
from forensics.parsers.mail.bodies import MAX_BYTES, Bodies, Body
from forensics.parsers.mail.form import text_form
from forensics.parsers.mail.marks import read_births
from forensics.parsers.mail.texts import read_letters
from forensics.replay import decoders

LINE = "The minutes of the meeting are attached, and the sum of four thousand crowns is due on Friday next. "


def part(raw: bytes, encoding: str = "", media_type: str = "text/plain", charset: str = "utf-8") -> MimePart:
    decoder = {"": "copy/1", "base64": "base64/2", "quoted-printable": "quoted-printable/2"}[encoding]
    return MimePart(
        number="",
        start=0,
        body_start=0,
        end=len(raw),
        headers=(),
        media_type=media_type,
        encoding=encoding,
        charset=charset,
        decoder=decoder,
    )


def bodies(raw: bytes, encoding: str = "", media_type: str = "text/plain") -> Bodies:
    return Bodies(part(raw, encoding, media_type), raw)


@given(
    st.text(alphabet="abcä€=\n ", min_size=1, max_size=400), st.data(), st.sampled_from(["base64", "quoted-printable"])
)
def test_what_is_found_in_an_encoded_text_leads_to_its_own_bytes(text: str, data: st.DataObject, encoding: str) -> None:
    content = text.encode()
    raw = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content)
    start = data.draw(st.integers(0, len(text) - 1))
    sought = text[start : start + data.draw(st.integers(1, 20))]
    found = Body(part(raw, encoding), raw).first(sought)
    if found is None:
        assert sought not in Body(part(raw, encoding), raw).text
        return
    piece, at = found
    assert raw[at : at + len(piece)] == piece
    if encoding == "quoted-printable":
        assert sought.encode() in decoders.DECODERS["quoted-printable/2"].whole(piece)
    else:
        # base64 digits lie across bytes: some before the piece are needed to read it
        assert sought.encode() in decoders.DECODERS["base64/2"].whole(raw[: at + len(piece)])


def test_a_place_in_base64_of_several_padded_pieces() -> None:
    pieces = [b"The first piece, ", b"the second one; ", b"and a third.."]
    encoded = [base64.encodebytes(piece) for piece in pieces]
    raw = b"".join(encoded)
    body = Body(part(raw, "base64"), raw)
    assert body.text.encode() == b"".join(pieces)
    for word, number in (("first", 0), ("second", 1), ("third..", 2)):
        piece, at = body.first(word) or (b"", -1)
        before = sum(len(one) for one in encoded[:number])
        assert raw[at : at + len(piece)] == piece and before <= at < before + len(encoded[number])
        assert word.encode() in base64.b64decode(raw[before : at + len(piece)] + b"==")


def letters_digest(one: Bodies) -> str:
    return read_letters(one)[0]


def said(one: Bodies) -> list[tuple[str, str]]:
    return [(text.words, text.links) for text in read_letters(one)[1]]


@pytest.mark.parametrize(
    ("raw", "encoding", "charset"),
    [
        ("Grüße aus Köln, “so” – wie … besprochen\n\nFrom here on\n".encode(), "", "utf-8"),
        ('Grüße aus Köln, "so" - wie ... besprochen\n\nFrom here on\n'.encode("latin-1"), "", "iso-8859-1"),
        (b"Gr=FC=DFe aus K=F6ln, =93so=94 =96 wie =85 besprochen\n\nFrom here=20\non\n", "quoted-printable", "cp1252"),
        (
            unicodedata.normalize("NFD", "Grüße aus Köln, “so” – wie … besprochen\n\nFrom here on\n").encode(),
            "",
            "utf-8",
        ),
        ("Grüße aus Köln,  \n“so” – wie\u00a0… besprochen \n\n\n>From here\non".encode(), "", "utf-8"),
        (base64.encodebytes("Grüße aus\r\nKöln, “so” – wie … besprochen\r\nFrom here on".encode()), "base64", "utf-8"),
    ],
)
def test_a_text_says_the_same_in_any_writing(raw: bytes, encoding: str, charset: str) -> None:
    plain = 'Grüße aus Köln, "so" - wie ... besprochen From here on'.encode()
    one, other = part(raw, encoding, charset=charset), part(plain, "", charset="utf-8")
    assert said(Bodies(one, raw)) == said(Bodies(other, plain)) != []


@pytest.mark.parametrize(
    "text", ["Pay 10.00 on Monday", "Pay 1.000 on Tuesday", "Pay 1,000 on Monday", "Pay 1.000 on monday"]
)
def test_an_edited_text_says_something_else(text: str) -> None:
    assert said(bodies(b"Pay 1.000 on Monday")) != said(bodies(text.encode()))


def test_links_are_told_apart_from_words() -> None:
    def page(target: str, shown: str = "the site") -> Bodies:
        return bodies(f'<p>See <a href="{target}">{shown}</a></p>'.encode(), media_type="text/html")

    (one,), (other,) = said(page("https://a.example/1")), said(page("https://b.example/1"))
    assert one[0] == other[0] and one[1] != other[1]
    assert said(page("https://a.example/1", "our site"))[0][1] == one[1]
    (plain,) = said(bodies(b"See https://a.example/1 now"))
    assert plain[0] == said(bodies(b"See now"))[0][0] and plain[1] and not said(bodies(b"See now"))[0][1]
    assert said(bodies(b" \r\n")) == []


def test_letters_are_the_same_whatever_a_mark_hides_in() -> None:
    plain = LINE * 3
    same = letters_digest(bodies(plain.encode()))
    assert same
    for marked in (
        plain.replace("minutes", "min\u200butes"),
        plain.replace("a", "\u0430", 1),
        plain.replace("attached, and", "attached \u2013 and"),
        plain.replace(" ", "\u00a0", 4),
        plain.upper(),
        plain + "\n\nhttps://t.example/?reader=77\n",
    ):
        assert letters_digest(bodies(marked.encode())) == same
    assert letters_digest(bodies(base64.encodebytes(plain.encode()), "base64")) == same
    assert letters_digest(bodies(f"<p>{plain}</p>".encode(), media_type="text/html")) == same
    assert letters_digest(bodies(plain.replace("four", "five").encode())) != same
    assert letters_digest(bodies(b"Too short.")) == ""


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("see https://files.example.click/a and https://b.example", "born_link", "://files.example.click"),
        ("well \U0001f984 done \u20bd", "born_character", "U+1F984"),
        ("<div class=gmail_attr>", "born_word", "gmail_attr"),
        ("plain words and http://a.example.com/x", None, ""),
        ("see http://files.click\nand write", "born_link", "://files.click"),
        ("see http://files.click.\n\nwww.b.example", "born_link", "://files.click"),
        ("http://files.click\nhttp://b.example/x\n", "born_link", "://files.click"),
        ("http://files.click\nanna@b.example\n", "born_link", "://files.click"),
        ("<http://files.click>\nb.example", "born_link", "://files.click"),
        ("<a href='http://files.click'>x</a>", "born_link", "://files.click"),
        ("http://files.click", "born_link", "://files.click"),
        ("http://docs.yahoo\n.example/docs for it", None, ""),
        ("http://docs.yahoo.\nexample.com/docs", None, ""),
        ("http://docs.yahoo=\n.example/docs", None, ""),
        ("http://docs.yahoo \r\n.example/docs", None, ""),
        ("> http://docs.yahoo\n> .example/docs", None, ""),
        ("http://www.box\nsearch.example/page", None, ""),
        ("<http://www.box\noffice>", None, ""),
        ("http://docs.yahoo<wbr>.example/", None, ""),
        ("http://docs.yahoo<br>\n.example/", None, ""),
        ("http://docs.yahoo...", None, ""),
        ("http://docs.yahoo=2Eexample/", None, ""),
        ("x" * 60 + " http://www.box\noffice", None, ""),
        ("see http://docs.yahoo\n.example and http://files.click/", "born_link", "://files.click"),
    ],
)
def test_the_youngest_mark_of_a_text(text: str, kind: str | None, shown: str) -> None:
    raw = text.encode()
    found = {mark.kind: mark for mark in read_births(bodies(raw))}
    assert set(found) == ({kind} if kind else set())
    if kind:
        fact = found[kind].shown
        assert fact.value == shown
        assert raw[slice(*fact.locator.ranges[0])] == fact.raw


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.\n\nOn Tue, Apr 29, 2025 at 10:11 AM Ada <ada@one.example> wrote:\n> Really?\n", "attribution=Gmail"),
        ("Yes.\n\nOn 29 Apr 2025, at 10:11, Ada <ada@one.example> wrote:\n> Really?\n", "attribution=Apple"),
        ("Yes.\n\n-----Original Message-----\nFrom: Ada\n", "attribution=Outlook text"),
        ("Yes.\n\n" + "_" * 32 + "\nFrom: Ada\nSent: Monday\n", "attribution=Outlook web"),
        ("Ada Smith wrote:\n> Really?\nYes.\n", "attribution=name"),
        ("Hello.\n> Really?\n", "attribution=none"),
    ],
)
def test_the_line_before_a_quotation(text: str, expected: str) -> None:
    assert expected in set(text_form(bodies(text.encode())))


def test_how_a_text_is_carried() -> None:
    assert set(text_form(bodies(b"Hello.\n"))) == {"part=text/plain", "transfer=none"}
    encoded = bodies(base64.encodebytes(b"Hello.\n"), "base64")
    assert "transfer=base64" in set(text_form(encoded))
    page = bodies(
        b'<html><meta name="Generator" content="Microsoft Word 15 (filtered medium)">', media_type="text/html"
    )
    assert {"part=text/html", "html=Word"} <= set(text_form(page))


def test_a_text_read_in_part_has_no_digest_of_letters() -> None:
    whole, more = b"word " * (MAX_BYTES // 5), b"word " * (MAX_BYTES // 5 + 1)
    assert letters_digest(bodies(whole)) and not letters_digest(bodies(more))
    assert said(bodies(whole)) and not said(bodies(more))


def test_only_the_last_page_is_kept_as_a_tree() -> None:
    data = b"<p>one</p><p>two</p>"
    parts = tuple(
        [
            MimePart(number=str(at), start=at, body_start=at, end=at + 10, headers=(), media_type="text/html")
            for at in (0, 10)
        ]
    )
    found = Bodies(
        MimePart(number="", start=0, body_start=0, end=20, headers=(), media_type="multipart/mixed", parts=parts), data
    )
    first, second = found.shown
    kept = found.trees(first)
    assert found.trees(first) is kept and [tree.body.text() for tree in kept] == ["one"]  # type: ignore[union-attr]
    assert [tree.body.text() for tree in found.trees(second)] == ["two"]  # type: ignore[union-attr]
    assert found.trees(first) is not kept


def test_what_is_decoded_already_is_not_decoded_again() -> None:
    raw = base64.encodebytes(b"one two")
    told = Bodies(part(raw, "base64"), raw, {0: b"told"})
    assert [body.text for body in told.shown] == ["told"]
    long = base64.encodebytes(b"one two" * (MAX_BYTES // 7))
    (cut,) = Bodies(part(long, "base64"), long, {0: b"told"}).shown
    assert cut.cut and cut.text.startswith("one two"), "all of it is more than is read"
