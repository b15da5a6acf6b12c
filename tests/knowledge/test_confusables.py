import pytest

from forensics.knowledge.confusables import scripts, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("раураl.example", "paypal.example"),
        ("micr0s0ft", "microsoft"),
        ("arnazon", "amazon"),
        ("ν\u0456ew", "view"),
        ("１ｂａｎｋ", "lbank"),
        ("Ёlan", "elan"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_other_names_do_not() -> None:
    names = ["bank", "tank", "bark", "пример", "münchen", "elan", "plan"]
    assert len({skeleton(name) for name in names}) == len(names)


def test_scripts() -> None:
    assert scripts("pаypal 1") == {"LATIN", "CYRILLIC"}
