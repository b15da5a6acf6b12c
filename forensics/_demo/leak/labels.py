"""What was planted, what is merely clumsy, and where: the truth against which a ranking is scored."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Label:
    """One labelled item or one member of a labelled cluster."""

    key: str
    kind: str
    """``taint``, ``innocent`` (odd but genuine) or ``lure`` (hostile, but no taint)."""
    operations: tuple[str, ...]
    """Ids of the knowledge base's catalogues: ``O-nn`` of mail (section 7), ``files-9:n`` of documents (section 9)."""
    changed: str
    """What was done, in a sentence."""
    path: str
    """Chain of names from the leak to the item, joined by `` > ``."""
    sha256: str
    """Digest of the item's bytes as they stand in the leak; of a mail in a mailbox, without quoting and separator."""
    rules: tuple[str, ...]
    """Ids of the rules that are expected to show it."""
    carrier: str = ""
    """Digest of the mail that carries the item, where it is an attachment."""
    cluster: str = ""
    """Shared by the members of one planted cluster."""
    excused_by: str = ""
    """Benign cause that should explain an innocent item's observation."""


@dataclass(frozen=True)
class Labels:
    """The key of one built leak."""

    seed: int
    source: str
    """File name of the leak."""
    sha256: str
    size: int
    captured: str
    released: str
    mails: int
    """Mails stored in the leak, attached ones not counted."""
    labels: tuple[Label, ...] = field(default=())

    def of(self, kind: str) -> tuple[Label, ...]:
        """Labels of one kind, in order."""
        return tuple([label for label in self.labels if label.kind == kind])

    def json(self) -> str:
        """The key as it is written to ``labels.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
