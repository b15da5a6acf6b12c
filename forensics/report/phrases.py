"""Sentences that several files of the report share."""

from collections.abc import Mapping

from forensics.model.sentences import Saying, says

SECTIONS: Mapping[str, Saying] = {
    "ranking": says("report.section.ranking", one="Ranking"),
    "supports": says("report.section.supports", one="What speaks for the archive"),
    "ledger": says("report.section.ledger", one="What the archive lacks"),
    "families": says("report.section.families", one="Documents that share editing sessions"),
    "entries": says("report.section.entries", one="Entry by entry"),
    "lures": says("report.section.lures", one="How they may have got in"),
    "aside": says("report.section.aside", one="Set aside, and why"),
    "untested": says("report.section.untested", one="What could not be tested"),
    "unread": says("report.section.unread", one="What was not read"),
    "method": says("report.section.method", one="Method and limits"),
}
"""Headings of the page, by anchor."""
TITLE = says("report.title", one="What fits this archive, and what does not")
CONTENTS = says("report.contents", one="Contents")
VERSION = says("report.version", one="version {version}")
COUNT_OF = says("report.count.of", one="{k} of {n}")
MORE = says("report.more", one="and 1 more", many="and {n} more")
MUST_PRINT = says("report.recheck.expected", one="must print")
PLACEHOLDERS = says(
    "report.recheck.placeholders",
    one=(
        "CASE is the case folder, SOURCE the file or folder as received, and FILE a file in it whose name is not safe "
        "to paste."
    ),
)
NOT_PROBABILITY = says(
    "report.not_probability",
    one=(
        "Counts say how often genuine items show the same thing (“rarer than” leaves room for chance). They are not "
        "the probability that an item is genuine or false."
    ),
)
MAILS = says("report.picture.mail", one="mails")
DOCUMENT = says("report.families.document", one="Document")
ENTRY = says("report.families.entry", one="entry {n}")
DOCUMENTS = says("report.picture.document", one="documents")
RANKED_ITEMS = says("report.picture.finding", one="ranked items")
WITHOUT_BLOCK = says(
    "report.ranking.rest",
    one="1 more entry is not shown in detail here. List all entries with",
    many="{n} more entries are not shown in detail here. List all entries with",
)
OR = says("report.item.or", one="or {item}")
SEALED_CLUSTER = says(
    "report.item.sealed_cluster",
    one="1 item with a value that may not be quoted",
    many="{n} items that share a value that may not be quoted",
)
CLUSTER = says("report.item.cluster", one="1 item that shares “{value}”", many="{n} items that share “{value}”")
SHA256 = says("report.block.sha256", one="SHA-256")
CONTENT = says("report.block.content", one="Content")
CONTENT_FACTS = says("report.block.facts", one="{type}, {bytes} bytes; {status}, by {parser}")
STANDS_IN = says("report.block.stands_in", one="Found in")
INNOCENT_CAUSES = says("report.block.benign", one="Innocent causes")
SETTLE = says("report.block.settle", one="Who can confirm it, and with which record")
ALL_CLOCKS = says("report.block.clocks", one="All its clocks")
MARKS = says("report.block.marks", one="Marks")
NOTICES = says("report.block.notices", one="Format anomalies")
FINDING = says("report.block.finding", one="Finding {id}, rule {rule}. It may mean: {proposition}.")
ELSEWHERE = says("report.fact.elsewhere", one="in {place}")
CONTRADICTION = says(
    "report.contradiction",
    one=(
        "One program wrote both at the same moment: it is proven that the two disagree, but not which of them is wrong."
    ),
)
CLAIMED = says("report.clocks.claimed", one="claimed")
WHOLE_ARCHIVE = says("report.whole_archive", one="The archive as a whole: {said}")
CLOCK = says("report.timeline.clock", one="{clock}: {what}")
