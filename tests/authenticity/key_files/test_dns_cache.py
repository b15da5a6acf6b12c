"""Answers of DNS in one object."""

import json


def test_names_with_their_answers(read, rsa: str) -> None:
    cache = {
        "a.example": {"TXT": [["v=spf1 ", "-all"]], "MX": [{"exchange": "mx.a.example", "priority": 1}]},
        "s._domainkey.a.example": {"TXT": [["v=DKIM1; ", f"p={rsa}"], ["v=DKIM1; p="]]},
        "t._domainkey.a.example": {"CNAME": ["t.platform.example"]},
        "u._domainkey.a.example": {"TXT": ["v=DKIM1; p="]},
        "w._domainkey.a.example": "nothing",
    }
    file, keys = read(json.dumps(cache))
    assert [(key.selector, key.record) for key in keys] == [
        ("s", b"v=DKIM1; p="),
        ("s", f"v=DKIM1; p={rsa}".encode()),
        ("u", b"v=DKIM1; p="),
    ]
    assert (file.taken, file.other, file.refused, file.notices[0].code) == (3, 2, 1, "keys.alias")
