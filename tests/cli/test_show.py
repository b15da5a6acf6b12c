"""``show``: one item, or the members of a cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import forensics

Run = Callable[..., Any]


def test_show_a_rank_and_a_cluster(run: Run, demo: Path) -> None:
    case = demo / "case"
    first = run("show", case, "#1")
    assert first.returncode == 0, first.stderr
    (sheet,) = forensics.show(case, "#1")
    assert [field.name for field in sheet.facts.headers if field.key == "date"] == ["Date"]
    assert all(field.raw.startswith(field.name.encode("latin-1")) for field in sheet.facts.headers)
    assert "Header fields, read again from the source" in first.stdout
    ranks = list(forensics.rank(case))
    cluster = next(line for line in ranks if line.cluster)
    shown = forensics.show(case, f"#{cluster.rank}")
    assert len(shown) == len(cluster.cluster.members)
    text = run("show", case, f"#{cluster.rank}").stdout
    assert text.count("was last saved") + text.count("were all last saved") == 1, "the shared finding is printed once"
