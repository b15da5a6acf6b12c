"""How far reading and judging of a case got, in numbers and in a sentence."""

from pathlib import Path

from forensics.casestore import CaseFolder
from forensics.casestore import reached as reached_by
from forensics.errors import NotJudged
from forensics.knowledge.wording import Wording
from forensics.model.paths import AnyPath
from forensics.model.scanning import Reached


def reached(case: AnyPath) -> Reached:
    """Return how far reading and judging of a case got.

    Raises:
        CaseStoreError: the folder is no case.
    """
    return reached_by(CaseFolder.open(Path(case)))


def settled(folder: CaseFolder, *, partial: bool) -> Reached:
    """Return how far a case got, if results may be read from it.

    Args:
        folder: the case.
        partial: whether results of a case that is not wholly read and judged are wanted.

    Raises:
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
    """
    state = reached_by(folder)
    if not state.settled and not partial:
        raise NotJudged(how_far(state))
    return state


def how_far(reached: Reached, language: str = "en") -> str:
    """Say how far reading and judging of a case got, and what to do; empty where it is wholly read and judged."""
    if reached.settled:
        return ""
    say = Wording(language)
    items = say.counted("report.kind.item", reached.items_read)
    if reached.files_planned is None or reached.files_read is None:
        said = say.text("report.reached.unplanned", items=items)
    elif reached.files_read < reached.files_planned:
        files = {"read": reached.files_read, "planned": reached.files_planned}
        said = say.text("report.reached.read", items=items, **files)
    else:
        said = say.text("report.reached.all_read", items=items, files=reached.files_planned)
    judged = say.text("report.reached.judged_before" if reached.judged else "report.reached.not_judged")
    state = "running" if reached.running else "stopped"
    return f"{said} {judged} {say.text(f'report.reached.{state}')}"
