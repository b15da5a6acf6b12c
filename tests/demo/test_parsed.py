"""Our own parsers on the leak: everything is read, and each item rule fires where a label says so, nowhere else."""

import hashlib
from collections import defaultdict

from forensics import checks, parsers
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Absence
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.mail import Message
from forensics.model.presence import archive, document, message
from forensics.model.rules import Context, Subject
from forensics.parsers.identify import identify
from forensics.stages.grading.strength import explained_by

SUBJECTS = {
    Subject.MESSAGE: (Message, message.presence),
    Subject.DOCUMENT: (DocumentFacts, document.presence),
    Subject.ARCHIVE: (ArchiveFacts, archive.presence),
}
"""What a rule's subject is, and how its presence is told."""
RELEASED = Context(as_of=1_493_942_400 * TICKS_PER_SECOND)


def parser(source, name, wanted):
    names = [module for module in parsers.PARSERS if parsers.load(module).FORMAT.id == wanted]
    found = names[0] if names else identify(source.read(0, 4096), source, name)
    return parsers.load(found) if found else None


def facts(leak):
    """Every yielded object with the digest of its item."""
    data = (leak.folder / "leak.zip").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    first = Step(kind=StepKind.FILE, name="leak.zip", start=0, end=len(data), sha256=digest, source="leak")
    todo = [(MemoryBytes(data), Location((first,)), b"leak.zip", "")]
    while todo:
        source, where, name, wanted = todo.pop()
        module = parser(source, name, wanted)
        if module is None:
            continue
        for found in module.parse(source, where, ParseContext()):
            yield where.steps[-1].sha256, found
            if isinstance(found, ChildItem):
                content = MemoryBytes(found.content) if isinstance(found.content, bytes) else found.content
                todo.append((content, where.child(found.step), found.name, found.format))


def test_everything_reads(leak):
    digests, notices, mails = set(), [], 0
    for digest, found in facts(leak):
        digests.add(digest)
        mails += isinstance(found, Message)
        if isinstance(found, Notice):
            notices.append(found)
        elif isinstance(found, ChildItem):
            digests.add(found.step.sha256)
            notices += found.notices
            assert not any(isinstance(time.wall, Absence) for time in found.times)
        elif isinstance(found, Message | DocumentFacts):
            assert not any(isinstance(time.wall, Absence) for time in found.timestamps)
    assert notices == []
    assert mails == leak.labels.mails + 2, "the attached mail lies in a sent and in a received copy"
    assert {label.sha256 for label in leak.labels.labels} <= digests


def test_item_rules_agree_with_the_labels(leak):
    rules = [checks.load(name) for name in checks.RULES if not name.startswith("case.")]
    fired = defaultdict(set)
    for digest, found in facts(leak):
        for rule in rules:
            kind, presence = SUBJECTS.get(rule.RULE.subject, ((), None))
            if isinstance(found, kind) and presence(found) & rule.RULE.needs == rule.RULE.needs:
                told = [one for one in rule.check(found, RELEASED) if not explained_by(one.benign)]
                fired[rule.RULE.id] |= {digest for _ in told}
    for rule in rules:
        if rule.RULE.subject in SUBJECTS:
            assert fired[rule.RULE.id] == leak.labelled(rule.RULE.id), rule.RULE.id
