"""Tables with a header line, and JSON objects of the same names."""

import json

import pytest


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
def test_columns_by_their_names(read, rsa: str, separator: str) -> None:
    head = separator.join(("Domain", "bits", "Selector", "p", "first seen", "lastSeenAt"))
    row = separator.join(("A.example", "1024", "Sel", rsa, "2019-01-01", "1600000000000"))
    file, (key,) = read(f"{head}\r\n{row}\r\n\r\n")
    assert (file.form, file.taken, file.refused) == ("table", 1, 0)
    assert (key.domain, key.selector) == ("a.example", "sel")
    assert key.record == f"v=DKIM1; k=rsa; p={rsa}".encode()
    assert (key.first_seen, key.last_seen) == (1546300800, 1600000000)


@pytest.mark.parametrize("written", ["{ed25519}", "MCowBQYDK2VwAyEA{ed25519}"])
def test_a_key_alone_tells_its_kind(read, ed25519: str, written: str) -> None:
    key = written.format(ed25519=ed25519)
    _, (found,) = read(f"domain\tselector\tp\na.example\ts\t{key}\n")
    assert found.record == f"v=DKIM1; k=ed25519; p={key}".encode()


def test_a_record_in_quoted_strings(read, rsa: str) -> None:
    for text in (f'a.example,s,"""v=DKIM1; "" ""p={rsa}"""', f"a.example,s,v=DKIM1\\; p={rsa}"):
        _, (key,) = read(f"domain,selector,record\n{text}\n")
        assert key.record == f"v=DKIM1; p={rsa}".encode()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",s,p=", "keys.name"),
        ("a.example,,p=", "keys.name"),
        ("a b.example,s,p=", "keys.name"),
        ("a.example,s", "keys.record"),
        ("a.example,s,AAAA", "keys.record"),
        ('a.example,s,"""open"', "keys.entry"),
        (f"a.example,s,{'x' * 140_000}", "keys.entry"),
    ],
)
def test_a_row_that_gives_no_key(read, row: str, code: str) -> None:
    file, keys = read(f"domain,selector,txt\n{row}\nb.example,s,p=\n")
    assert [notice.code for notice in file.notices] == [code]
    assert file.notices[0].text.startswith("line 2: ")
    assert [key.domain for key in keys] == ["b.example"]


@pytest.mark.parametrize("first", ["soon", "0001-01-01", "-1", "9e99", "true", "1e400", "99999999999999999999"])
def test_a_time_that_is_none_leaves_the_key(read, first: str) -> None:
    file, (key,) = read(f"domain,selector,p,first_seen,last_seen\na.example,s,p=,{first},1600000000\n")
    assert (file.taken, file.refused, [notice.code for notice in file.notices]) == (1, 0, ["keys.time"])
    assert (key.first_seen, key.last_seen) == (None, None)


def test_a_window_that_ends_before_it_begins_is_none(read) -> None:
    file, (key,) = read("domain,selector,p,first_seen,last_seen\na.example,s,p=,1600000000,1500000000\n")
    assert (key.first_seen, key.last_seen, file.notices[0].code) == (None, None, "keys.time")


def test_equal_keys_are_one_with_the_widest_window(read) -> None:
    rows = "a.example,s,p=,2016-01-01,2017-01-01\nA.example,S,p=,2015-01-01,\n"
    file, (key,) = read(f"domain,selector,p,first_seen,last_seen\n{rows}")
    assert (file.taken, key.first_seen, key.last_seen) == (1, 1420070400, 1483228800)


def test_objects_of_an_archive_of_keys(read, rsa: str) -> None:
    value = {
        "domain": "a.example",
        "selector": "s",
        "firstSeenAt": "2024-01-02T03:04:05.000Z",
        "lastSeenAt": None,
        "value": f"v=DKIM1; p={rsa}",
    }
    strings = {**value, "value": ["v=DKIM1; ", f"p={rsa}"]}
    for text in (
        json.dumps([value]),
        json.dumps(strings),
        json.dumps(value),
        json.dumps(value) + "\n" + json.dumps(value),
    ):
        file, (key,) = read(text)
        assert (file.form, key.domain, key.selector, key.first_seen) == ("json", "a.example", "s", 1704164645)
