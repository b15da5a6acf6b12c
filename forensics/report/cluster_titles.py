"""What a line of the ranking that is about several items is called."""

from forensics.knowledge.wording import Wording
from forensics.model.findings import Cluster
from forensics.model.sentences import says
from forensics.report import phrases

VALUE_MAX = 200

_HABIT = says(
    "report.item.habit", one="1 item, a habit or planted together", many="{n} items, a habit or planted together"
)
_FOLDED = says(
    "report.item.folded",
    one="1 more entry that is as strong as number {like}, by the same rules",
    many="{n} more entries that are as strong as number {like}, by the same rules",
)
_ITEMS = says("report.item.folded.items", one="{entries}: 1 item", many="{entries}: {n} items")


def cluster_title(cluster: Cluster, say: Wording) -> str:
    """Return the title of a line: what its members share, or that it stands for others like one above."""
    count = len(cluster.members)
    if cluster.kind == "habit":
        return say.say(_HABIT, count)
    if cluster.kind == "folded":
        entries = say.say(_FOLDED, cluster.entries, like=cluster.like)
        return entries if count == cluster.entries else say.say(_ITEMS, count, entries=entries)
    return say.say(phrases.CLUSTER, count, value=cluster.value[:VALUE_MAX])
