import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import Combined
from forensics.report.blocks import Builder
from forensics.report.finding_views import CLUSTER_EVIDENCE_MAX

CORPORA = "corpora: L1 linux-mips and L2 usrp-users"


@pytest.fixture
def build(summary):
    return Builder(summary, Wording("en"))


def test_a_block_of_an_item(build, summary):
    block = build.block(summary.ranking[0])
    assert block.title == "Mail “Re: virement à Nassau, confidentiel”"
    assert block.occurrences == ("leak.zip > mail/campaign.mbox > mbox:4118",)
    assert block.claimed == "2017-04-24 10:12:31 +02:00"
    assert [finding.strength for finding in block.findings] == ["strong", "strong"]
    assert block.score == "A score at least this high: 2 of 9,000 genuine items."
    assert block.members == ()
    assert block.clock_picture is not None
    assert block.recheck.sha256 == block.sha256
    assert block.commands == (f"forensics show CASE {block.sha256[:16]}",)


def test_a_finding_shows_counts_causes_and_where_its_bytes_stand(build, summary):
    weekday, same = build.block(summary.ranking[0]).findings
    assert weekday.rate == ("rarer than 1 in 38,000 genuine mails (seen in 2 of 116,902)", CORPORA)
    assert weekday.remarks[0].startswith("One program wrote both at the same moment")
    assert [(cause.mark, cause.word) for cause in weekday.benign] == [("?", "open"), ("?", "not testable")]
    assert weekday.excluded == ("some skew (212 other mails of this host agree within 3 s)",)
    assert weekday.counts[0].counted == "212 of 214"
    assert [(fact.decides, fact.bytes) for fact in weekday.evidence] == [(True, "812–843"), (False, "161–192")]
    assert [fact.elsewhere for fact in same.evidence] == ["", "leak.zip > mail/campaign.mbox > mbox:4119"]
    assert same.remarks == ("The count alone would give a higher grade; this is the highest that this rule gives.",)


def test_a_habit_is_said_beside_the_reference(build, summary):
    (ahead,) = build.block(summary.ranking[2]).findings
    assert ahead.rate[0].startswith("seen in ")  # a habit sets the rate: it bounds nothing about genuine mail
    assert ahead.rate[2] == "in this archive in 2 of 410 comparable items (mx.campaign.example)"


def test_a_block_of_a_cluster(build, summary):
    block = build.block(summary.ranking[3])
    assert [(row.number, row.author, row.last_author) for row in block.members][:2] == [
        (1, "C. Roux", "Gregor Pavlenko"),
        (2, "P. Lemaire", "Gregor Pavlenko"),
    ]
    assert block.members[0].saved == "2017-03-27 13:41:04 +00:00"
    assert len(block.strip.dots) == 9
    assert block.strip_day == "2017-03-27"
    (finding,) = block.findings
    assert len(finding.evidence) == CLUSTER_EVIDENCE_MAX
    assert finding.evidence_more == "and 5 more"
    assert finding.rate == (
        "rarer than 1 in 1,200 comparable groups of genuine items (seen in 0 of 1,214)",
        CORPORA,
    )


def test_what_is_strong_together_says_so_once(build, summary):
    both = Combined(owners=2, findings=(), hits=0, n=33_687, series=0, corpus="A+B+C", routes=("list",), bound=8.9e-05)
    line = msgspec.structs.replace(summary.ranking[0], combined=both)
    said = "2 independent kinds of evidence, each moderate alone; 2 or more such met on none of 33,687 genuine mails "
    assert build.block(line).together[0] == f"{said}(A, B and C): rarer than 1 in 11,000."
    assert build.how_sure(line) == f"{said}(A, B and 1 other): rarer than 1 in 11,000."
    assert build.block(summary.ranking[0]).together == ()
    assert "together" not in build.how_sure(summary.ranking[0]).lower()


def test_an_entry_without_a_finding_at_hand_has_no_count(build, summary):
    line = msgspec.structs.replace(summary.ranking[0], findings=())
    assert (build.how_sure(line), build.remains(line)) == ("no count of genuine items yet", ())


def test_an_item_whose_facts_are_not_at_hand_is_named_by_its_place(build, summary):
    block = build.block(summary.ranking[5])
    assert block.title == "leak.zip > mail/campaign.mbox > mbox:1"
    assert block.clocks == ()
    assert block.recheck is None


def test_a_cluster_whose_members_are_not_at_hand(summary):
    bare = msgspec.structs.replace(summary, items={}, findings={})
    block = Builder(bare, Wording("en")).block(summary.ranking[3])
    assert block.members[0].name == "files/budget 2016.xlsx"
    assert block.members[0].saved == "–"
    assert block.strip is None
    assert block.findings == ()


def test_a_line_that_stands_for_others_shows_no_finding_of_one_of_them(summary):
    line = next(one for one in summary.ranking if one.cluster)
    cluster = msgspec.structs.replace(line.cluster, kind="folded", like=1, entries=9)
    block = Builder(summary, Wording("en")).block(msgspec.structs.replace(line, cluster=cluster, reasons=()))
    assert block.title == "9 more entries that are as strong as number 1, by the same rules"
    assert (block.findings, len(block.members)) == ((), 9)
