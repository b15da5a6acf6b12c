"""What the rules over the whole case see; a fault costs that rule only. Rules on one item run while it is read."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from forensics import checks
from forensics.checks import CaseRule
from forensics.errors import CheckError, Interrupted, StorageFull
from forensics.model.items import Notice
from forensics.model.rows import observations
from forensics.model.rules import Context, Role
from forensics.stages.observed import Observed, Rows
from forensics.stages.outlines import Outlines, Spooling, held, spooled_once
from forensics.stages.power import rule_power
from forensics.stages.running import fault, noted, parameters
from forensics.stages.stage import LeftOut, Settings, Tables, Write, run_parts

NAME = "observe"
VERSION = 1
READS = (
    "contents",
    "occurrences",
    "messages",
    "signatures",
    "signed_parts",
    "quoted_mails",
    "documents",
    "archives",
    "archive_members",
    "keys",
    "verdicts",
    "signer_verdicts",
    "repairs",
    "threads",
    "ghosts",
    "wrong_times",
    "quotes",
    "copies",
    "copy_claims",
    "document_copies",
    "lineage",
    "restored",
    "counterparts",
    "originals",
    "notices",
)
WRITES = ("observations", "notices")
TAKES = ("as_of", "limits", "contents")
ROWS_NEEDED: Mapping[str, int] = {}

_RULES = tuple([name for name in checks.RULES if name.startswith("case.")])

_THERE = """
SELECT 'messages' AS name, count(*) AS n FROM messages
UNION ALL SELECT 'documents', count(*) FROM documents
UNION ALL SELECT 'archives', count(*) FROM archives
UNION ALL SELECT 'quoted_mails', count(*) FROM quoted_mails
UNION ALL SELECT 'counterparts', count(*) FROM counterparts
UNION ALL SELECT 'restored', count(*) FROM restored
UNION ALL SELECT 'signer_verdicts', count(*) FROM signer_verdicts
UNION ALL SELECT 'verdicts', count(*) FROM verdicts ORDER BY ALL
"""


class _Count(msgspec.Struct, frozen=True):
    name: str
    n: int


def loads() -> tuple[str, ...]:
    """Return the modules of the rules over the whole case."""
    return tuple([f"{checks.__name__}.{name}" for name in _RULES])


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Run the rules over the whole case that have something to compare."""
    run_parts(parts, run_part, tell, tables, settings, write)


def parts(tables: Tables) -> tuple[str, ...]:
    """Return the names of the rules that have something to compare."""
    there = {row.name: row.n for row in tables.rows(_THERE, {}, _Count)}
    rules = {name: checks.load(name) for name in _RULES}
    judged = {power.rule: power.powered for power in rule_power(tables.rows, [rule.RULE for rule in rules.values()])}
    return tuple(
        [
            name
            for name, rule in rules.items()
            if judged[rule.RULE.id] and all(there[table] >= least for table, least in rule.ROWS_NEEDED.items())
        ]
    )


def run_part(tables: Tables, settings: Settings, write: Write, part: str) -> LeftOut:
    """Run a rule."""
    found, faults = run_case_rules(tables.rows, settings.context, [checks.load(part)], tables.spool)
    for one in found:
        row = observations.row_of(one.rule, one.observation, one.main.sha256, one.main.location)
        write("observations", row)
    for notice in faults:
        write("notices", noted(notice))
    return {}


def tell(left_out: LeftOut, write: Write) -> None:
    """Write nothing: each rule has told its own."""


def run_case_rules(
    rows: Rows, context: Context, rules: Sequence[CaseRule], spool: Spooling = held
) -> tuple[Outlines, tuple[Notice, ...]]:
    """Run case rules.

    Args:
        rows: queries of the case.
        context: what rules may know.
        rules: they run in this order.
        spool: takes what they see, which of a large case does not fit into memory.

    Returns:
        Observations in a fixed order, what a rule yielded before it crashed among them, and a notice for each crash.
    """
    notices: list[Notice] = []
    found = spooled_once(chain.from_iterable([_seen(rows, context, module, notices) for module in rules]), spool)
    return found, tuple(notices)


def _seen(rows: Rows, context: Context, module: CaseRule, notices: list[Notice]) -> Iterator[Observed]:
    """Yield what a rule sees; a crash is among the notices then."""
    rule = module.RULE
    try:
        for observation in module.check(rows(module.QUERY, parameters(module.QUERY, context), module.Row), context):
            if all(subject.role is Role.WITNESS for subject in observation.subjects):
                raise CheckError("the observation names no subject it speaks against")
            yield Observed(rule=rule, observation=observation)
    except (Interrupted, StorageFull):
        raise
    except Exception:  # noqa: BLE001  a rule that crashes must not hide the others
        notices.append(fault("engine.rule_fault", f"{rule.id}/{rule.version}"))
