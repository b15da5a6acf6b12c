"""Keys taken out of a case: by selector, name and file, logged, and judged without."""

from pathlib import Path

import pytest

from forensics import ScanOptions, add_keys, keys, reached, remove_keys, scan
from forensics.casestore import CaseFolder, Queries
from forensics.errors import UsageError
from tests.signed_mails import record_of, write_mails

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Mails of two selectors, with the keys of both in one file and one of them in another file too."""
    write_mails(tmp_path / "mails", "a", "a.example/one", range(3))
    write_mails(tmp_path / "mails", "b", "b.example/two", range(2))
    rows = [
        f"{name}.example\t{selector}\t{record_of(name).decode()}\n" for name, selector in (("a", "one"), ("b", "two"))
    ]
    head = "domain\tselector\trecord\n"
    (tmp_path / "both.tsv").write_text(head + "".join(rows))
    (tmp_path / "again.tsv").write_text(head + rows[0])
    files = (tmp_path / "both.tsv", tmp_path / "again.tsv")
    scan([tmp_path / "mails"], tmp_path / "case", ScanOptions(jobs=1, as_of="2026-01-01", dkim_keys=files))
    return tmp_path / "case"


def opened(case: Path) -> int:
    with Queries(CaseFolder.open(case)) as queries:
        return int(queries.pairs("SELECT count(*), 0 FROM verdicts")[0][0])


def log(case: Path) -> list[dict[str, str]]:
    return [line.details for line in CaseFolder.open(case).custody.lines() if line.action == "keys_removed"]


def test_all_keys_of_a_selector(case: Path) -> None:
    assert opened(case) == 5
    gone = remove_keys(case, ["A.example/one"])
    assert [(key.domain, key.origin) for key in gone.removed] == [("a.example", "again.tsv"), ("a.example", "both.tsv")]
    assert gone.judged and reached(case).settled and gone.head == CaseFolder.open(case).custody.head()
    assert opened(case) == 2
    assert [one.domain for one in keys(case)] == ["b.example"]
    assert [line["keys"] for line in log(case)] == ["1", "1"]
    add_keys(case, case.with_name("both.tsv"))
    assert opened(case) == 5, "the file that gave it gives it again"


def test_one_key_by_its_name_and_all_of_a_file(case: Path) -> None:
    (own,) = [one.key for one in keys(case) if one.domain == "b.example"]
    assert [key.domain for key in remove_keys(case, [own]).removed] == ["b.example"]
    assert [key.domain for key in remove_keys(case, ["both.tsv"]).removed] == ["a.example"]
    assert opened(case) == 3, "the other file has it too"
    assert [key.domain for key in remove_keys(case, ["again.tsv"]).removed] == ["a.example"]
    assert opened(case) == 0 and list(keys(case)) == []


def test_what_is_not_there_is_said_and_nothing_is_taken_out(case: Path) -> None:
    with pytest.raises(UsageError, match=r"no key 'a\.example/two'"):
        remove_keys(case, ["a.example/one", "a.example/two"])
    assert log(case) == [] and opened(case) == 5


def test_a_case_whose_sources_are_away_is_not_judged(case: Path) -> None:
    case.with_name("mails").rename(case.with_name("moved"))
    assert not remove_keys(case, ["b.example/two"]).judged
    assert not reached(case).settled
    assert remove_keys(case, ["a.example/one"], [str(case.with_name("moved"))]).judged
    assert opened(case) == 0
