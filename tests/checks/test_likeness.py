"""Which domains could be taken for others."""

import pytest

from forensics.checks._likeness import Known

KNOWN = Known(("elan-garrigue.example", "example.com", "williams.test", "mailserver.test", "ti.test", "kernel.test"))


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("e1an-garrigue.example", "same_look"),
        ("\u0435lan-garrigue.example", "mixed_scripts"),
        ("elan-garirgue.example", "one_letter"),
        ("\u00e9lan-garrigue.example", "one_letter"),
        ("kernels.test", "one_letter"),
        ("elan-garrigue-login.test", "added_word"),
        ("my-williams.test", "added_word"),
        ("wi11iams-support24.test", None),
        ("wi11iams-support-24.test", "added_word"),
        ("elan-garrigue.example.secure.test", "added_word"),
        ("www.example.co.uk", "other_ending"),
    ],
)
def test_alike(domain: str, found: str | None) -> None:
    seen = KNOWN.find(domain)
    assert (seen[0] if seen else None) == found


@pytest.mark.parametrize(
    "domain",
    [
        "aquila.el-example.org",
        "service.williams-sonoma.test",
        "williamsburg.test",
        "fitzwilliams.example",
        "williams-and-sons.example",
        "mailserver.example",
        "mailserver-support.example",
        "tl.test",
        "news.example.com",
    ],
)
def test_a_name_inside_another_is_no_likeness(domain: str) -> None:
    assert KNOWN.find(domain) is None
