"""Tainted-leak forensics: which items of a leaked archive do not fit, why, and how anyone can check it.

Everything that the command line does is one call here; `open_case` answers many questions about one case. Names are
imported on first use, so that ``import forensics.model`` loads neither DuckDB nor lxml.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forensics import _version

if TYPE_CHECKING:
    from forensics._demo import Demo, demo
    from forensics.casestore import Rows
    from forensics.engine.keys import add_keys
    from forensics.engine.measuring.files import measure_files
    from forensics.engine.measuring.measure import measure
    from forensics.engine.recovering.recover import recover_keys
    from forensics.engine.removed_keys import remove_keys
    from forensics.engine.restricting import restrict
    from forensics.engine.scan import scan
    from forensics.errors import (
        AmbiguousItem,
        CaseChanged,
        CaseLocked,
        CaseStoreError,
        ForensicsError,
        IntakeError,
        IntegrityError,
        Interrupted,
        MemoryFull,
        NoIndex,
        NoText,
        NotInstalled,
        NotJudged,
        OtherVersion,
        PasswordNeeded,
        Restricted,
        StorageFull,
        UnknownItem,
        UsageError,
        WorkerFailed,
    )
    from forensics.model.accounts import AccountLine, AccountShare, AccountSums
    from forensics.model.comparing import ComparedLine
    from forensics.model.findings import Finding, Ranked, SetAside
    from forensics.model.key_lines import KeyLine, KeyUse
    from forensics.model.keys import AddedKeys, KeyFile, RemovedKeys
    from forensics.model.labels import ItemLabel
    from forensics.model.ledger import LedgerLine, LedgerReach, MissingLine
    from forensics.model.lines import ItemLine, ItemTime, TimelineLine
    from forensics.model.mark_lines import Marked, MarkLine
    from forensics.model.marks import ItemMark
    from forensics.model.measuring import FileMeasurement, Measurement, MeasureOptions
    from forensics.model.messages import MessageFacts
    from forensics.model.paths import AnyPath
    from forensics.model.recovering import Misfit, RecoveredKey, RecoverOptions, RecoverProgress, Recovery
    from forensics.model.restricting import Restricting, RestrictionState, Unsealed
    from forensics.model.rules import Rule
    from forensics.model.scanning import Progress, Reached, ScanOptions, ScanResult
    from forensics.model.searching import BuiltIndex, Coverage, Excerpt, RemovedIndex, SearchLine, TextState
    from forensics.model.selecting import Matches, Selection
    from forensics.model.signer_keys import SignerKey, SignerKind
    from forensics.model.signer_lines import SignedPartLine, SignerAtHand, SignerKeyLine, SignerUse
    from forensics.model.summary import ItemFacts
    from forensics.model.texts import Text, TextPart
    from forensics.model.verification import VerifyResult
    from forensics.reader.case import Case, open_case
    from forensics.reader.check import Checked, check
    from forensics.reader.compare import Compared, compare
    from forensics.reader.extract import Extracted, extract
    from forensics.reader.listing import (
        accounts,
        findings,
        items,
        key_coverage,
        keys,
        ledger,
        marks,
        missing,
        rank,
        rules,
        set_aside,
        signer_coverage,
        signer_keys,
    )
    from forensics.reader.marking import mark
    from forensics.reader.reached import reached
    from forensics.reader.searching.building import build_index, remove_index
    from forensics.reader.searching.found import Found
    from forensics.reader.show import Shown, show
    from forensics.reader.unsealing import restriction, unseal
    from forensics.reader.verify import verify
    from forensics.report.sent_letters import WrittenLetters, letters
    from forensics.report.timeline import timeline
    from forensics.report.write import write_report

_HOMES = {
    "AccountLine": "model.accounts",
    "AccountShare": "model.accounts",
    "AccountSums": "model.accounts",
    "AddedKeys": "model.keys",
    "AmbiguousItem": "errors",
    "AnyPath": "model.paths",
    "BuiltIndex": "model.searching",
    "Case": "reader.case",
    "CaseChanged": "errors",
    "CaseLocked": "errors",
    "CaseStoreError": "errors",
    "Checked": "reader.check",
    "Compared": "reader.compare",
    "ComparedLine": "model.comparing",
    "Coverage": "model.searching",
    "Demo": "_demo",
    "Excerpt": "model.searching",
    "Extracted": "reader.extract",
    "FileMeasurement": "model.measuring",
    "Finding": "model.findings",
    "ForensicsError": "errors",
    "Found": "reader.searching.found",
    "IntakeError": "errors",
    "IntegrityError": "errors",
    "Interrupted": "errors",
    "ItemFacts": "model.summary",
    "ItemLabel": "model.labels",
    "ItemLine": "model.lines",
    "ItemMark": "model.marks",
    "ItemTime": "model.lines",
    "KeyFile": "model.keys",
    "KeyLine": "model.key_lines",
    "KeyUse": "model.key_lines",
    "LedgerLine": "model.ledger",
    "LedgerReach": "model.ledger",
    "MarkLine": "model.mark_lines",
    "Marked": "model.mark_lines",
    "Matches": "model.selecting",
    "MeasureOptions": "model.measuring",
    "Measurement": "model.measuring",
    "MemoryFull": "errors",
    "MessageFacts": "model.messages",
    "Misfit": "model.recovering",
    "MissingLine": "model.ledger",
    "NoIndex": "errors",
    "NoText": "errors",
    "NotInstalled": "errors",
    "NotJudged": "errors",
    "NotRead": "errors",
    "OtherVersion": "errors",
    "PasswordNeeded": "errors",
    "Progress": "model.scanning",
    "Ranked": "model.findings",
    "Reached": "model.scanning",
    "RecoverOptions": "model.recovering",
    "RecoverProgress": "model.recovering",
    "RecoveredKey": "model.recovering",
    "Recovery": "model.recovering",
    "RemovedIndex": "model.searching",
    "RemovedKeys": "model.keys",
    "Restricted": "errors",
    "Restricting": "model.restricting",
    "RestrictionState": "model.restricting",
    "Rows": "casestore",
    "Rule": "model.rules",
    "ScanOptions": "model.scanning",
    "ScanResult": "model.scanning",
    "SearchLine": "model.searching",
    "Selection": "model.selecting",
    "SetAside": "model.findings",
    "Shown": "reader.show",
    "SignedPartLine": "model.signer_lines",
    "SignerAtHand": "model.signer_lines",
    "SignerKey": "model.signer_keys",
    "SignerKeyLine": "model.signer_lines",
    "SignerKind": "model.signer_keys",
    "SignerUse": "model.signer_lines",
    "StorageFull": "errors",
    "Text": "model.texts",
    "TextPart": "model.texts",
    "TextState": "model.searching",
    "TimelineLine": "model.lines",
    "UnknownItem": "errors",
    "Unsealed": "model.restricting",
    "UsageError": "errors",
    "VerifyResult": "model.verification",
    "WorkerFailed": "errors",
    "WrittenLetters": "report.sent_letters",
    "accounts": "reader.listing",
    "add_keys": "engine.keys",
    "build_index": "reader.searching.building",
    "check": "reader.check",
    "compare": "reader.compare",
    "demo": "_demo",
    "extract": "reader.extract",
    "findings": "reader.listing",
    "items": "reader.listing",
    "key_coverage": "reader.listing",
    "keys": "reader.listing",
    "ledger": "reader.listing",
    "letters": "report.sent_letters",
    "mark": "reader.marking",
    "marks": "reader.listing",
    "measure": "engine.measuring.measure",
    "measure_files": "engine.measuring.files",
    "missing": "reader.listing",
    "open_case": "reader.case",
    "rank": "reader.listing",
    "reached": "reader.reached",
    "recover_keys": "engine.recovering.recover",
    "remove_index": "reader.searching.building",
    "remove_keys": "engine.removed_keys",
    "restrict": "engine.restricting",
    "restriction": "reader.unsealing",
    "rules": "reader.listing",
    "scan": "engine.scan",
    "set_aside": "reader.listing",
    "show": "reader.show",
    "signer_coverage": "reader.listing",
    "signer_keys": "reader.listing",
    "timeline": "report.timeline",
    "unseal": "reader.unsealing",
    "verify": "reader.verify",
    "write_report": "report.write",
}

__version__ = _version.VERSION

__all__ = [
    "AccountLine",
    "AccountShare",
    "AccountSums",
    "AddedKeys",
    "AmbiguousItem",
    "AnyPath",
    "BuiltIndex",
    "Case",
    "CaseChanged",
    "CaseLocked",
    "CaseStoreError",
    "Checked",
    "Compared",
    "ComparedLine",
    "Coverage",
    "Demo",
    "Excerpt",
    "Extracted",
    "FileMeasurement",
    "Finding",
    "ForensicsError",
    "Found",
    "IntakeError",
    "IntegrityError",
    "Interrupted",
    "ItemFacts",
    "ItemLabel",
    "ItemLine",
    "ItemMark",
    "ItemTime",
    "KeyFile",
    "KeyLine",
    "KeyUse",
    "LedgerLine",
    "LedgerReach",
    "MarkLine",
    "Marked",
    "Matches",
    "MeasureOptions",
    "Measurement",
    "MemoryFull",
    "MessageFacts",
    "Misfit",
    "MissingLine",
    "NoIndex",
    "NoText",
    "NotInstalled",
    "NotJudged",
    "NotRead",
    "OtherVersion",
    "PasswordNeeded",
    "Progress",
    "Ranked",
    "Reached",
    "RecoverOptions",
    "RecoverProgress",
    "RecoveredKey",
    "Recovery",
    "RemovedIndex",
    "RemovedKeys",
    "Restricted",
    "Restricting",
    "RestrictionState",
    "Rows",
    "Rule",
    "ScanOptions",
    "ScanResult",
    "SearchLine",
    "Selection",
    "SetAside",
    "Shown",
    "SignedPartLine",
    "SignerAtHand",
    "SignerKey",
    "SignerKeyLine",
    "SignerKind",
    "SignerUse",
    "StorageFull",
    "Text",
    "TextPart",
    "TextState",
    "TimelineLine",
    "UnknownItem",
    "Unsealed",
    "UsageError",
    "VerifyResult",
    "WorkerFailed",
    "WrittenLetters",
    "__version__",
    "accounts",
    "add_keys",
    "build_index",
    "check",
    "compare",
    "demo",
    "extract",
    "findings",
    "items",
    "key_coverage",
    "keys",
    "ledger",
    "letters",
    "mark",
    "marks",
    "measure",
    "measure_files",
    "missing",
    "open_case",
    "rank",
    "reached",
    "recover_keys",
    "remove_index",
    "remove_keys",
    "restrict",
    "restriction",
    "rules",
    "scan",
    "set_aside",
    "show",
    "signer_coverage",
    "signer_keys",
    "timeline",
    "unseal",
    "verify",
    "write_report",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
