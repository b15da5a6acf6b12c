"""What a verification has found so far."""

import msgspec

from forensics.casestore.case import TABLES_FOLDER
from forensics.model.verification import Problem


class Counts(msgspec.Struct):
    """What holds, in numbers; the names are those of `VerifyResult`."""

    files: int = 0
    tmp_files: int = 0
    sources: int = 0
    source_files: int = 0
    source_files_undigested: int = 0
    not_reached: int = 0
    findings: int = 0
    ranges_replayed: int = 0
    ranges_without_bytes: int = 0
    ranges_not_replayed: int = 0
    ranges_closed: int = 0


class Gathered:
    """Problems and counts of one run.

    A check whose own input is already known to be bad is left out: one changed byte gives one problem, where it lies.

    Attributes:
        problems: in the order in which they were met.
        bad: paths below the case whose content cannot be trusted.
        changed: source label and name of files that are not those of the case.
        whole_log: whether the log can be believed to name every file of the case.
        count: what holds.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.bad: set[str] = set()
        self.changed: set[tuple[str, str]] = set()
        self.whole_log = True
        self.count = Counts()

    def problem(self, code: str, where: str, text: str) -> None:
        """Note what does not hold."""
        self.problems.append(Problem(code=code, where=where, text=text))

    def bad_table(self, table: str) -> bool:
        """Whether a file of a table cannot be trusted."""
        return any(path.startswith(f"{TABLES_FOLDER}/{table}/") for path in self.bad)
