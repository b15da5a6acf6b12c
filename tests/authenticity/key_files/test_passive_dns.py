"""Passive DNS, one object a line."""

import json


def lines(*values: object) -> str:
    return "\n".join([json.dumps(value) for value in values])


def test_records_with_their_times(read, rsa: str) -> None:
    record = f"v=DKIM1; p={rsa}"
    name = {"rrname": "s._domainkey.a.example.", "rrtype": "TXT"}
    text = lines(
        {**name, "rdata": f'"v=DKIM1; " "p={rsa}"', "time_first": 1400000000, "time_last": 1500000000},
        {**name, "rdata": ["v=DKIM1; p="], "zone_time_first": 1300000000, "zone_time_last": 1350000000},
        {"rrname": "t._domainkey.a.example", "rrtype": "TXT", "rdata": ["v=DKIM1; ", f"p={rsa}"]},
        {"rrname": "a.example.", "rrtype": "A", "rdata": "192.0.2.1"},
        {"rrname": "u._domainkey.a.example", "rrtype": "CNAME", "rdata": "u.platform.example."},
    )
    file, keys = read(text)
    assert (file.form, file.taken, file.other, file.refused) == ("json", 3, 1, 1)
    assert [(key.selector, key.record, key.first_seen, key.last_seen) for key in keys] == [
        ("s", b"v=DKIM1; p=", 1300000000, 1350000000),
        ("s", record.encode(), 1400000000, 1500000000),
        ("t", record.encode(), None, None),
    ]
    assert file.notices[0].code == "keys.alias"


def test_objects_inside_a_stream(read) -> None:
    inner = {"rrname": "s._domainkey.a.example.", "rrtype": "TXT", "rdata": ['"v=DKIM1; p="']}
    file, keys = read(lines({"cond": "begin"}, {"obj": inner}, {"cond": "succeeded"}))
    assert (file.taken, file.other, file.refused, len(keys)) == (1, 2, 0, 1)


def test_what_is_no_record(read) -> None:
    name = '{"rrname": "s._domainkey.a.example.", "rrtype": "TXT", "rdata": '
    file, keys = read(f'{name}null}}\n{name}"\\"open"}}\n{{"rrname": 7}}\n{{broken\n[1]\n{{"a": 1}}\n')
    assert keys == ()
    assert (file.other, [notice.code for notice in file.notices]) == (1, ["keys.record", *["keys.entry"] * 4])
    assert [notice.text.partition(":")[0] for notice in file.notices] == [
        "line 1",
        "line 2",
        "line 4",
        "line 5",
        "line 6",
    ]
