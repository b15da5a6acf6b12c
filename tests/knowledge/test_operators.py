import pytest

from forensics.knowledge.operators import operator_of


@pytest.mark.parametrize(
    ("hosts", "operator"),
    [
        (("smtp.gmail.com", "mail-a.google.com", "googlemail.com"), "Google"),
        (("a.prod.outlook.com", "a.exchangelabs.com", "corp.microsoft.com"), "Microsoft"),
        (("mx.one.example", "one.test", "relay.one.example"), "one"),
        (("a.example.co.uk",), "example"),
    ],
)
def test_names_of_one_operator(hosts: tuple[str, ...], operator: str) -> None:
    assert {operator_of(host) for host in hosts} == {operator}
