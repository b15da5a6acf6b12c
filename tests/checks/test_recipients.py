"""Entries of quoted header blocks against the recipients of the mail that they were taken from."""

import pytest

from forensics.checks._recipients import Recipient, entries, match


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Roe, Anna; Bach, Cy", ("Roe, Anna", "Bach, Cy")),
        ("'anna@example.org'; Cy Bach <cy@example.net>", ("anna@example.org", "Cy Bach <cy@example.net>")),
        ("anna@example.org, Cy Bach <cy@example.net>", ("anna@example.org", "Cy Bach <cy@example.net>")),
        ("Roe, Anna <anna@example.org>", ("Roe, Anna <anna@example.org>",)),
        ("Anna Roe/SALES/Example, Cy Bach/LEGAL/Example", ("Anna Roe/SALES/Example", "Cy Bach/LEGAL/Example")),
        ("Roe, Anna", ("Roe, Anna",)),
        ("", ()),
    ],
)
def test_entries(text: str, expected: tuple[str, ...]) -> None:
    assert entries(text) == expected


@pytest.mark.parametrize(
    ("name", "address", "entry"),
    [
        ("", "anna@example.org", "<ANNA@Example.org>"),
        ("Anna B. Roe", "x1@example.org", "Roe, Anna"),
        ("", "anna.roe@example.org", "Roe, Anna (E-mail)"),
        ("", "aroe@example.org", "Anna Roe/SALES/Example"),
        ("", "cdasowitz@example.org", "Dasowitz, Cy"),
        ("", "ng@example.org", "Ng, Beth"),
        ("José Núñez", "jn@example.org", "Nunez, Jose"),
    ],
)
def test_one_person(name: str, address: str, entry: str) -> None:
    found = match([Recipient(name, address)], [entry])
    assert (found.both, found.only_mail, found.only_block) == (1, (), ())


@pytest.mark.parametrize("entry", ["Bach, Cy", "cy@example.org", "A. R.", ""])
def test_two_people(entry: str) -> None:
    found = match([Recipient("Anna Roe", "anna.roe@example.org")], [entry] if entry else [])
    assert found.both == 0 and len(found.only_mail) == 1


def test_each_entry_counts_once() -> None:
    found = match([Recipient("", "roe@example.org"), Recipient("", "anna.roe@example.org")], ["Roe, Anna"])
    assert found.both == 1 and len(found.only_mail) == 1
