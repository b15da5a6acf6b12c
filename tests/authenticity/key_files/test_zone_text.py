"""Zone text: names, strings, what is no key, what cannot be read."""

import pytest

ZONE = """\
$TTL 300
$ORIGIN example.com.
@ IN SOA ns. host. ( 1
 2 3 4 5 )
 IN TXT "v=spf1 -all"
s1._domainkey IN TXT ( "v=DKIM1; k=rsa; "
   "p={rsa}" ) ; a key
\t3600 TXT "v=DKIM1; k=ed25519; p={ed25519}"
S2._DomainKey.example.org. 3600 IN TXT "v=DKIM1\\; p={rsa}"
s3._domainkey IN CNAME s1.domainkey.u1.platform.example.
s4._domainkey IN TXT "v=DKIM1; p="
"""


def test_records_of_a_zone(read, rsa: str, ed25519: str) -> None:
    file, keys = read(ZONE.format(rsa=rsa, ed25519=ed25519))
    assert (file.form, file.taken, file.other, file.refused) == ("zone", 4, 2, 1)
    assert [(key.domain, key.selector, key.record) for key in keys] == [
        ("example.com", "s1", f"v=DKIM1; k=ed25519; p={ed25519}".encode()),
        ("example.com", "s1", f"v=DKIM1; k=rsa; p={rsa}".encode()),
        ("example.com", "s4", b"v=DKIM1; p="),
        ("example.org", "s2", f"v=DKIM1; p={rsa}".encode()),
    ]
    (notice,) = file.notices
    assert notice.code == "keys.alias"
    assert notice.text.startswith("line 10: 's3._domainkey.example.com' is an alias")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('s._domainkey.a.example. TXT "unclosed', "keys.entry"),
        ("s._domainkey.a.example. TXT ( v=DKIM1", "keys.entry"),
        ('s._domainkey.a.example. TXT "\\999"', "keys.entry"),
        ("$INCLUDE other.zone", "keys.entry"),
        ('s._domainkey.a.example. TXT "v=DKIM1; p=AAAA"', "keys.record"),
        ('s._domainkey.a.example. TXT "v=spf1 -all"', "keys.record"),
        ("s._domainkey.a.example. TXT", "keys.record"),
        ('s._domainkey TXT "v=DKIM1; p="', "keys.name"),
    ],
)
def test_a_line_that_gives_no_key_is_said_and_the_next_is_read(read, rsa: str, line: str, code: str) -> None:
    file, keys = read(f'; first\n{line}\nnext._domainkey.b.example. TXT "p={rsa}"\n')
    assert [(notice.code, notice.text[:7]) for notice in file.notices] == [(code, "line 2:")]
    assert (file.taken, file.refused) == (1, 1)
    assert keys[0].selector == "next"


def test_the_comment_of_a_key_generator_names_the_domain(read, rsa: str) -> None:
    text = (
        f'default._domainkey\tIN\tTXT\t( "v=DKIM1; k=rsa; "\n\t  "p={rsa}" )  ; ----- DKIM key default for a.example\n'
    )
    _, (key,) = read(text, "default.txt")
    assert (key.domain, key.selector) == ("a.example", "default")


def test_a_whole_name_without_its_last_dot_and_one_long_string(read, rsa: str) -> None:
    _, (key,) = read(f'20120113._domainkey.mail.example. 300 IN TXT "v=DKIM1; p={rsa}"'.replace("example.", "example"))
    assert (key.domain, key.selector) == ("mail.example", "20120113")
    assert len(key.record) > 255 - 40


def test_parentheses_that_are_never_closed_take_no_time(read) -> None:
    file, keys = read("a._domainkey.b TXT (\n" * 5_000)
    assert (file.refused, len(file.notices), keys) == (5_000, 100, ())
