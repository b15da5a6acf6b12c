"""What the servers of a mail's way wrote of its signatures."""

from collections.abc import Sequence

from forensics.knowledge.suffixes import organization
from forensics.model.rows.messages import ResultRow

_NOT_PASSED = frozenset(("fail", "neutral", "permerror", "policy"))
"""Of a signature that was tested and did not pass (RFC 8601 2.7.1); Google says ``neutral`` of a body that differs."""


def first_verdict(tests: Sequence[ResultRow], hosts: Sequence[str], signers: Sequence[str]) -> ResultRow | None:
    """Return what the newest field says of a signature of the mail; None where no server of its way wrote it.

    Args:
        tests: ``dkim`` results that are not sealed ones, topmost first.
        hosts: servers of the mail's trace.
        signers: domains that signed the mail, lower case.
    """
    first = tests[0] if tests else None
    organizations = {organization(host) for host in hosts}
    if first is None or (first.server and organization(first.server) not in organizations):
        return None
    said = [one for one in tests if one.index == first.index and one.domain in ("", *signers)]
    passed = [one for one in said if one.result == "pass"]
    return next((one for one in (*passed, *said) if one.result == "pass" or one.result in _NOT_PASSED), None)
