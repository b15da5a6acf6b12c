import pytest

from forensics.parsers.mail.tag_faults import FAULTS, of_list
from forensics.parsers.mail.tag_lists import read_tags, values

DKIM = b"v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==; b=AA=="
SEAL = b"i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=AA=="


def faults(kind: str, body: bytes, *, malformed: bool = False) -> tuple[str, ...]:
    tags = read_tags(body)
    return of_list(kind, body, tags, values(tags), malformed=malformed)[1]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("dkim", DKIM, ()),
        ("dkim", DKIM + b" ;\r\n ", ()),
        ("dkim", DKIM + b"; t=", ("malformed_value",)),
        ("dkim", DKIM + b"; l=-1; x=1", ("malformed_value",)),
        ("dkim", DKIM + b"; c=", ("malformed_value",)),
        ("dkim", DKIM.replace(b"s=s", b"s= "), ("malformed_value",)),
        ("dkim", DKIM.replace(b"v=1", b"v=2"), ("unknown_version",)),
        ("google", DKIM.replace(b"v=1", b"v=1.0"), ("unknown_version",)),
        ("dkim", DKIM.replace(b"v=1; ", b""), ("missing_tag",)),
        ("dkim", DKIM.replace(b" s=s", b" S=s"), ("missing_tag",)),
        ("dkim", DKIM + b"; u=1; u=1", ("repeated_tag",)),
        ("dkim", b"; " + DKIM, ("empty_tag",)),
        ("dkim", DKIM + b";;", ("empty_tag",)),
        ("dkim", DKIM + b"; word", ("malformed_tag",)),
        ("dkim", DKIM + b"; 1x=1", ("malformed_tag",)),
        ("dkim", DKIM + b"; =1; word; u=1; u=2;;", ("repeated_tag", "empty_tag", "malformed_tag")),
        ("ams", DKIM.replace(b"v=1", b"i=1"), ()),
        ("ams", DKIM.replace(b"v=1", b"i=x"), ("malformed_value",)),
        ("ams", DKIM, ("missing_tag",)),
        ("as", SEAL, ()),
        ("as", SEAL.replace(b"none", b"NONE"), ()),
        ("as", SEAL.replace(b"none", b"maybe"), ("malformed_value",)),
        ("as", SEAL + b"; h=from", ("unexpected_tag",)),
    ],
)
def test_faults(kind: str, body: bytes, expected: tuple[str, ...]) -> None:
    assert faults(kind, body) == expected
    assert set(expected) <= set(FAULTS)


def test_what_the_reader_knows_is_told_in_order() -> None:
    assert faults("dkim", DKIM.replace(b"v=1", b"v=2") + b";;", malformed=True) == (
        "empty_tag",
        "unknown_version",
        "malformed_value",
    )


def test_names_are_told_with_their_repeats() -> None:
    body = b"u=1; v=2; u=3"
    tags = read_tags(body)
    assert of_list("as", body, tags, values(tags), malformed=False)[0] == ("u", "v", "u")
