"""The main job on the synthetic leak: what was planted stands first, what is only clumsy is not ranked."""

from pathlib import Path

import msgspec
import pytest

from forensics import ScanOptions, rank, scan
from forensics._demo import LABELS, Demo, demo
from forensics._demo.leak.build import SOURCE
from forensics._demo.leak.labels import Label, Labels
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, Finding, Ranked
from forensics.model.rules import State
from forensics.reader.listing import findings
from forensics.reader.show import show
from forensics.reader.verify import verify
from forensics.report.write import write_report

FURTHER = tuple(
    [
        f"{name} sample"
        for name in (
            *("dm-devel", "linux-man", "linux-watchdog", "ltp", "selinux", "linaro-mm-sig", "usrp-users", "linux-raid"),
            *("kasan-dev", "linux-cifs", "linux-erofs"),
        )
    ]
)
"""Lists by whose counts most of what signatures show is strong alone."""


class Key(msgspec.Struct, frozen=True):
    """What ``labels.json`` says, by kind."""

    taints: tuple[Label, ...]
    innocent: tuple[Label, ...]
    lures: tuple[Label, ...]


@pytest.fixture(scope="module")
def key(made: Demo) -> Key:
    labels = msgspec.json.decode(made.labels.read_bytes(), type=Labels)
    return Key(taints=labels.of("taint"), innocent=labels.of("innocent"), lures=labels.of("lure"))


@pytest.fixture(scope="module")
def found(made: Demo) -> tuple[Finding, ...]:
    return tuple(findings(made.scan.case))


def _items(line: Ranked) -> set[str]:
    """Return the items of a line: one, or the members of a cluster."""
    if line.cluster is not None:
        return {member.sha256 for member in line.cluster.members}
    return {line.item.sha256} if line.item is not None else set()


def _about(found: tuple[Finding, ...], label: Label, rule: str) -> list[Finding]:
    item = label.carrier if rule.startswith("mail.") and label.carrier else label.sha256
    return [
        finding
        for finding in found
        if finding.rule == rule and item in {subject.sha256 for subject in finding.subjects}
    ]


def test_demo_leaves_what_it_says(made: Demo) -> None:
    assert (made.leak.name, made.labels.name, made.report.is_file()) == (SOURCE, LABELS, True)


def test_every_taint_is_ranked_and_nothing_else(made: Demo, key: Key) -> None:
    lines = [_items(line) for line in made.ranking]
    planted = {label.sha256 for label in key.taints}
    assert set().union(*lines) == planted
    assert sum(len(line) for line in lines) == len(planted), "no planted item takes two lines"


def test_the_lure_is_told_apart(made: Demo, key: Key) -> None:
    page = made.report.read_text(encoding="utf-8")
    section = page[page.index('id="lures"') : page.index('id="aside"')]
    (lure,) = key.lures
    assert "etiquette_colis.jpg" in section and lure.path.split(" > ")[0] in section


def test_a_planted_cluster_is_one_line(made: Demo, key: Key) -> None:
    clusters: dict[str, set[str]] = {}
    for label in key.taints:
        if label.cluster:
            clusters.setdefault(label.cluster, set()).add(label.sha256)
    assert clusters
    assert [_items(line) for line in made.ranking if line.cluster] == list(clusters.values())


def test_every_expected_rule_speaks_of_its_item(key: Key, found: tuple[Finding, ...]) -> None:
    for label in (*key.taints, *key.innocent, *key.lures):
        for rule in label.rules:
            assert _about(found, label, rule), (label.key, rule)


def test_innocent_clumsiness_is_at_context_and_its_reason_given(key: Key, found: tuple[Finding, ...]) -> None:
    planted = {label.sha256 for label in key.taints}
    for label in key.innocent:
        for rule in label.rules:
            for finding in _about(found, label, rule):
                if planted & {subject.sha256 for subject in finding.subjects}:
                    continue  # the donor of a copied header block stands in the finding about the copy
                assert finding.strength == "context", (label.key, rule)
        if label.excused_by:
            told = [finding for rule in label.rules for finding in _about(found, label, rule)]
            assert any(finding.habit is not None or _explained(finding, label.excused_by) for finding in told), label


def _explained(finding: Finding, cause: str) -> bool:
    return any(state.cause == cause and state.state is State.EXPLAINS for state in finding.benign)


def test_forged_mails_show_every_reason_that_stands_alone(made: Demo, key: Key) -> None:
    """Weekday and body have nothing in common; a changed body and a reused id may both be one saving again."""
    lines = {item: line for line in made.ranking if line.item for item in _items(line)}
    keys = {label.key: label.sha256 for label in key.taints}
    reasons = {name: lines[keys[name]].reasons for name in ("forged/1", "forged/2", "advance")}
    assert {name: len(told) for name, told in reasons.items()} == {"forged/1": 2, "forged/2": 4, "advance": 2}
    day, other = sorted(reasons["forged/1"], key=lambda told: not told.startswith("Date names Tuesday"))
    assert day.startswith("Date names Tuesday")
    assert "body hash" in other or "Message-ID" in other


def test_what_is_authenticated(made: Demo, key: Key, found: tuple[Finding, ...]) -> None:
    """Most mails, and of the planted ones nothing but a header that was left alone."""
    told = [finding for finding in found if finding.rule == "case.authenticated"]
    assert len([finding for finding in told if finding.bin == "author"]) > 120
    planted = {label.sha256 for label in key.taints} | {label.carrier for label in key.taints}
    touched = {subject.sha256: finding.bin for finding in told for subject in finding.subjects}
    assert {touched[item] for item in planted & set(touched)} == {"header_only"}
    names = {label.key: label.sha256 for label in key.taints}
    assert not {names["pasted"], names["invented/0"], names["invented/1"]} & set(touched)


def test_a_signature_finds_what_nothing_else_does(key: Key, found: tuple[Finding, ...]) -> None:
    label = next(label for label in key.taints if label.key == "report/9")
    told = {finding.rule for finding in found if label.sha256 in {subject.sha256 for subject in finding.subjects}}
    assert told == {"case.body_hash", "case.authenticated"}


def test_certificate_is_told_by_its_own_times_and_its_mail_is_context(key: Key, found: tuple[Finding, ...]) -> None:
    label = next(label for label in key.taints if label.key == "certificate")
    told = {rule: [finding.strength for finding in _about(found, label, rule)] for rule in label.rules}
    assert told == {
        "document.modified_before_created": ["moderate"],
        "archive.patched_member": ["context"],
        "case.document_created_after_mail": ["context"],
    }


def test_every_quoted_fact_of_the_reused_identifier_can_be_read_again(made: Demo, found: tuple[Finding, ...]) -> None:
    reused = [finding for finding in found if finding.rule == "case.message_id_reuse"]
    quoted = [fact for finding in reused for fact in finding.evidence if isinstance(fact, EvidenceBytes)]
    assert reused and {fact.label for fact in quoted} == {"Message-ID", "Subject"}
    assert all(fact.locator.ranges and fact.raw.b64.startswith(fact.label[:7].encode()) for fact in quoted)
    assert all(any(isinstance(fact, EvidenceAggregate) for fact in finding.evidence) for finding in reused)
    checked = verify(made.scan.case)
    assert checked.problems == () and checked.ranges_replayed > len(quoted)


def test_two_demos_say_the_same(made: Demo, tmp_path: Path) -> None:
    assert demo(tmp_path / "again").ranking == made.ranking


def test_what_is_strong_together_is_said_by_every_reader(made: Demo, tmp_path: Path) -> None:
    # By the counts as shipped what is strong here is so alone.
    case = tmp_path / "case"
    scan([made.leak], case, ScanOptions(jobs=1, as_of="2017-06-01", leave_out=FURTHER))
    ranking = tuple(rank(case))
    raised = [line for line in ranking if line.combined is not None]
    assert raised
    strengths = {finding.id: finding.strength for finding in findings(case)}
    for line in raised:
        assert line.combined is not None and line.strength == "strong"
        named = line.combined.findings
        assert {strengths[name] for name in named} == {"moderate"}
        assert len(named) == line.combined.owners >= 2 and line.findings[: len(named)] == named
        (shown,) = show(case, line.rank)
        assert shown.entry is not None and shown.entry.combined == line.combined
    alone = [line for line in ranking if line.combined is None and line.cluster is None]
    entries = [shown.entry for line in alone for shown in show(case, line.rank)]
    assert [entry.combined for entry in entries if entry is not None] == [None] * len(alone)
    assert "independent kinds of evidence, each moderate alone" in write_report(case).read_text(encoding="utf-8")
