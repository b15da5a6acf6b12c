"""``rules``: all, or one in full."""

from collections.abc import Callable
from typing import Any

import forensics

Run = Callable[..., Any]


def test_rules_are_listed_and_shown(run: Run) -> None:
    listed = run("rules").stdout
    assert all(rule.id in listed for rule in forensics.rules())
    assert "mail.date_weekday" in run("rules", "mail.date_weekday").stdout
    assert run("rules", "no.such").returncode == 2
