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


def test_titles_are_in_the_language_and_references_can_be_looked_up(run: Run) -> None:
    french = run("rules", "date_weekday", "--language", "fr").stdout
    assert "Le jour de la semaine et la date ne s’accordent pas" in french
    assert "RFC 5322 3.3" in french and "kb:" not in french
    assert "Weekday and date disagree" in run("rules", "date_weekday").stdout
