"""How far reading and judging of a case got, in numbers and in a sentence."""

from pathlib import Path

from forensics.casestore import CaseFolder
from forensics.casestore import reached as reached_by
from forensics.errors import NotJudged
from forensics.knowledge.terms import KINDS
from forensics.knowledge.wording import Wording
from forensics.model.paths import AnyPath
from forensics.model.scanning import Reached
from forensics.model.sentences import says

_UNPLANNED = says("report.reached.unplanned", one="No scan got as far as listing the sources ({items} recorded).")
_READ = says("report.reached.read", one="{read} of {planned} files have been read so far ({items}).")
_ALL_READ = says("report.reached.all_read", one="All {files} files have been read ({items}).")
NOT_JUDGED = says("report.reached.not_judged", one="The rules have not judged what was read.")
_JUDGED_BEFORE = says("report.reached.judged_before", one="The rules have judged only what was in the tables before.")
_JUDGE_AGAIN = says(
    "report.reached.judge_again",
    one="The rules have not judged the case with all that was added since, such as keys: run `forensics scan` again.",
)
_RUNNING = says("report.reached.running", one="A scan of this case is running.")
_STOPPED = says("report.reached.stopped", one="The scan did not finish: run the same command again to continue.")


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
    items = say.say(KINDS["item"], reached.items_read)
    if reached.finished and not reached.judged:
        return say.say(_JUDGE_AGAIN)
    if reached.files_planned is None or reached.files_read is None:
        said = say.say(_UNPLANNED, items=items)
    elif reached.files_read < reached.files_planned:
        files = {"read": reached.files_read, "planned": reached.files_planned}
        said = say.say(_READ, items=items, **files)
    else:
        said = say.say(_ALL_READ, items=items, files=reached.files_planned)
    judged = say.say(_JUDGED_BEFORE if reached.judged else NOT_JUDGED)
    state = say.say(_RUNNING if reached.running else _STOPPED)
    return f"{said} {judged} {state}"
