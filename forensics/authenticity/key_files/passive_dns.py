"""Passive DNS in the Common Output Format: one JSON object for each name and type, with times of first and last sight.

Source: draft-dulaunoy-dnsop-passive-dns-cof. Objects of DNSDB's streams stand inside ``obj``.
"""

from collections.abc import Iterator, Mapping

from forensics.authenticity.key_files.entries import Entry, Other, Read, Refused, alias, records, split_name, txt

FORM = "passive dns"


def is_record(value: Mapping[str, object]) -> bool:
    """Whether an object is of this form."""
    return "rrname" in value or isinstance(value.get("obj"), dict) or "cond" in value


def read(at: str, value: Mapping[str, object]) -> Iterator[Read]:
    """Yield what an object gives."""
    inner = value.get("obj")
    if isinstance(inner, dict):
        value = inner
    name, kind = str(value.get("rrname", "")), str(value.get("rrtype", "")).upper()
    selector, domain = split_name(name)
    data = value.get("rdata")
    texts = [str(one) for one in data] if isinstance(data, list) else [str(data or "")]
    if not domain or kind not in ("TXT", "16", "CNAME", "5"):
        yield Other(at)
    elif kind in ("CNAME", "5"):
        yield alias(at, name, " ".join(texts))
    else:
        try:
            found = records([txt(text) for text in texts])
        except ValueError as error:
            yield Refused(at, "keys.entry", f"the record cannot be read: {error}")
            return
        first, last = [value.get(f"time_{end}", value.get(f"zone_time_{end}")) for end in ("first", "last")]
        for record in found:
            yield Entry(at, domain, selector, record, first, last)
