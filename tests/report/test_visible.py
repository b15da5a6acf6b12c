import pytest

from forensics.report.visible import defang, visible, visible_bytes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Élise 文字", "plain Élise 文字"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("line\r\nnext\tcell", "line\\r\\nnext\\tcell"),
        ("\u202emoc.live\u202c", "\\u202emoc.live\\u202c"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\x9b2J\x7f", "\\x9b2J\\x7f"),
        ("lone \udc80", "lone \\udc80"),
        ("tag \U000e0041", "tag \\U000e0041"),
    ],
)
def test_hidden_characters_become_escapes(text, shown):
    assert visible(text) == shown


def test_no_control_character_of_unicode_survives():
    every = "".join(chr(code) for code in (*range(0x300), *range(0x2000, 0x2070), *range(0xFFF0, 0x10000), 0xD800))
    left = visible(every)
    assert all(character.isprintable() or character in "\u2000\u00a0" or character.isspace() for character in left)
    left.encode("utf-8")


def test_bytes_that_are_no_utf8_are_shown_one_by_one():
    assert visible_bytes(b"caf\xc3\xa9 \xff\x00\x1b") == "café \\xff\\x00\\x1b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see http://evil.example/a.gif", "see hxxp://evil[.]example/a.gif"),
        ("HTTPS://Evil.example:80/x", "HxxPS://Evil[.]example:80/x"),
        ("ftp://files.example/", "fxp://files.example/"),
        ("www.evil.example", "www[.]evil.example"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("file:mtime_ns, header:Date[0]", "file:mtime_ns, header:Date[0]"),
        ("file:///etc/passwd", "file[:]///etc/passwd"),
        ("data:text/html,x", "data[:]text/html,x"),
        ("mailto:a@b.example", "mailto[:]a@b.example"),
        ("2017-04-24 10:12:31 is no link. Date: yes", "2017-04-24 10:12:31 is no link. Date: yes"),
    ],
)
def test_links_are_broken(text, shown):
    assert defang(text).lower() == shown.lower()
    assert "http" not in defang(text).lower()


def test_one_megabyte_of_the_worst_prefix_is_quick():
    for worst in ("http://" * 150_000, "www." * 250_000, "h" * 1_000_000, "\u202e" * 300_000, "data:" * 200_000):
        defang(visible(worst))
