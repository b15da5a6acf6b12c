import pytest

from forensics.examples.files import location
from forensics.knowledge.wording import Wording
from forensics.model.findings import Cluster, ItemRef
from forensics.report.cluster_titles import cluster_title


def cluster(members: int, **values: object) -> Cluster:
    refs = tuple([ItemRef(sha256=f"{at:064x}", location=location(f"leak/{at}.eml")) for at in range(members)])
    return Cluster(**{"rule": "mail.test", "value": "eve", "members": refs, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (cluster(9), "9 items that share “eve”"),
        (cluster(1), "1 item that shares “eve”"),
        (cluster(31, kind="habit"), "31 items, a habit or planted together"),
        (
            cluster(4980, kind="folded", like=3, entries=4980),
            "4,980 more entries that are as strong as number 3, by the same rules",
        ),
        (
            cluster(5, kind="folded", like=3, entries=2),
            "2 more entries that are as strong as number 3, by the same rules: 5 items",
        ),
    ],
)
def test_a_line_of_several_items_is_named(made: Cluster, title: str) -> None:
    assert cluster_title(made, Wording("en")) == title
