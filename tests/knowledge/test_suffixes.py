"""Houses of domains, by the public suffix list."""

import pytest

from forensics.knowledge.suffixes import is_public, organization


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("smtp.sfr.fr", "sfr.fr"),
        ("mout.web.de", "web.de"),
        ("mx.gmx.de", "gmx.de"),
        ("mx.tax.gouv.fr", "tax.gouv.fr"),
        ("MX.Example.CO.UK.", "example.co.uk"),
        ("a.github.io", "a.github.io"),
        ("www.a.github.io", "a.github.io"),
        ("b.github.io", "b.github.io"),
        ("mail.müller.example", "müller.example"),
        ("mx.corp.test", "corp.test"),
    ],
)
def test_house_is_what_the_owner_registered(name, owner):
    assert organization(name) == owner


@pytest.mark.parametrize("name", ["co.uk", "github.io", "localhost", "10.0.0.1", "[10.0.0.1]", "a..b", ""])
def test_what_nobody_registered_is_its_own_house(name):
    assert organization(name) == name


def test_names_of_the_public() -> None:
    assert all(is_public(name) for name in ("mx.example.org", "a.github.io", "mail.one.example", "MX.Two.Test."))
    assert not any(
        is_public(name) for name in ("", "localhost", "opal.peter", "mail.lan", "10.0.0.1", "[::1]", "2002::1")
    )
