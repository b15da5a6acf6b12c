"""Files whose name says whose key they hold."""

import pytest


@pytest.mark.parametrize("name", ["20120113._domainkey.mail.example", "keys/20120113._domainkey.mail.example.TXT"])
@pytest.mark.parametrize(
    "text",
    ['"v=DKIM1; " "p={rsa}"\n', "v=DKIM1; p={rsa}", '; dig\n"v=DKIM1; "\n"p={rsa}"\n', "v=DKIM1;\r\n\tp={rsa}\r\n"],
)
def test_the_record_alone(read, rsa: str, name: str, text: str) -> None:
    file, (key,) = read(text.format(rsa=rsa), name)
    assert (file.form, key.domain, key.selector) == ("named file", "mail.example", "20120113")
    assert key.record.replace(b" ", b"") == f"v=DKIM1;p={rsa}".encode()


def test_a_line_for_each_of_several_records(read, rsa: str, ed25519: str) -> None:
    _, keys = read(f'"p={rsa}"\n"k=ed25519; p={ed25519}"\n', "s._domainkey.a.example")
    assert len(keys) == 2


def test_a_name_alone_makes_no_key(read) -> None:
    for text in ("", "hello", '"open'):
        file, keys = read(text, "s._domainkey.a.example")
        assert (file.taken, file.refused, keys) == (0, 1, ())
