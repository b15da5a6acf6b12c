"""Runs the stages over a case: one that would give what it gave before is skipped."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, table_files, unit_as_logged, write_unit
from forensics.engine.staging.crew import Crew
from forensics.engine.staging.performing import Lines, Performed, Performer, room
from forensics.engine.staging.protocol import Answer, Task
from forensics.errors import StorageFull
from forensics.stages import STAGES
from forensics.stages.identity import stage_id
from forensics.stages.stage import Settings, Stage, divided, load


def run_stages(
    folder: CaseFolder,
    queries: Queries,
    settings: Settings,
    stages: Sequence[Stage] | None = None,
    crew: Crew | None = None,
) -> None:
    """Bring the tables of all stages up to date; the case is locked, and everything that is read is logged.

    Args:
        folder: the case.
        queries: its tables; they show what the stages wrote when this is done.
        settings: what the stages may take.
        stages: in their order; all that there are by default, which are those that a crew runs.
        crew: processes in which stages run side by side where none reads what another writes; none: they run here, one
            after the other. The tables are the same.

    Raises:
        StorageFull: the disk is full.
    """
    stages = [load(name) for name in STAGES] if stages is None else stages
    run = _Run(folder, Performer(folder, queries, settings, stages), settings, stages)
    if crew is None:
        run.here()
    else:
        run.by(crew)
    queries.renew(sorted({table for stage in stages for table in stage.WRITES}))


class _Course:
    """A stage on its way.

    Args:
        stage: the stage.
        id: under which it runs.
        folder: of its own, for what its parts write.
    """

    def __init__(self, stage: Stage, id: str, folder: Path) -> None:
        self.stage, self.id = stage, id
        self._folder = folder
        self._performed: dict[str, tuple[Path, Performed]] = {}
        self.parts: tuple[str, ...] = ("",)
        self.again = 0
        """Parts that a process did not run to its end, and that were run again."""
        with room(stage.NAME):
            folder.mkdir(mode=0o700)

    def into(self) -> Path:
        """Make a folder for what a part, or an attempt at one, writes."""
        with room(self.stage.NAME):
            made = self._folder / str(len(list(self._folder.iterdir())))
            made.mkdir(mode=0o700)
        return made

    def take(self, part: str, into: Path, performed: Performed) -> bool:
        """Take what a part gave; whether it was the last."""
        self._performed[part] = (into, performed)
        return len(self._performed) == len(self.parts)

    def store(self, case: CaseFolder) -> tuple[dict[str, str], dict[str, str]]:
        """Write the tables, the rows of its parts in their order; return details and files for the log line."""
        gave = [self._performed[part] for part in self.parts]
        if len(gave) != 1 or self.parts[0]:
            gave.append(self._told([performed for _, performed in gave]))
        rows: Counter[str] = Counter(dict.fromkeys(sorted(self.stage.WRITES), 0))
        for _, performed in gave:
            rows.update(performed.rows)
        with room(self.stage.NAME):
            joined = {
                table: _joined([into / table for into, performed in gave if performed.rows.get(table)])
                for table, count in rows.items()
                if count
            }
        files = write_unit(case, self.stage.NAME, joined)
        with room(self.stage.NAME):
            shutil.rmtree(self._folder)
        memory = max([performed.memory for _, performed in gave], key=len, default="")
        counts = {table: str(count) for table, count in rows.items()}
        more = {"memory": memory, "again": str(self.again or "")}
        return counts | {name: told for name, told in more.items() if told}, files

    def _told(self, gave: Iterable[Performed]) -> tuple[Path, Performed]:
        """Return what the stage tells of all that its parts left out."""
        left_out: Counter[str] = Counter()
        for performed in gave:
            left_out.update(performed.left_out)
        into = self.into()
        with Lines(into, self.stage) as lines:
            if (apart := divided(self.stage)) is not None:
                apart.tell(left_out, lines.write)
        return into, Performed(rows=lines.rows)


def _joined(files: Sequence[Path]) -> Path:
    """Append all files to the first, and return that."""
    first, *others = files
    if others:
        with first.open("ab") as whole:
            for other in others:
                with other.open("rb") as part:
                    shutil.copyfileobj(part, whole)
                other.unlink()
    return first


class _Run:
    """One run of some stages."""

    def __init__(self, folder: CaseFolder, performer: Performer, settings: Settings, stages: Sequence[Stage]) -> None:
        self._folder, self._performer, self._settings, self._stages = folder, performer, settings, stages
        self._last = _last_ids(folder)

    def here(self) -> None:
        """Run the stages in this process, one after the other."""
        for stage in self._stages:
            if (course := self._begun(stage)) is None:
                continue
            self._performer.show(stage)
            if self._performer.has_enough(stage):
                into = course.into()
                course.take("", into, self._performer.perform(stage, "", into))
            else:
                course.parts = ()
            self._end(course)

    def by(self, crew: Crew) -> None:
        """Have the stages run by a crew."""
        waiting = list(self._stages)
        courses: dict[str, _Course] = {}
        tasks: list[Task] = []
        while waiting or courses:
            for stage in self._free(waiting, courses):
                waiting.remove(stage)
                if (course := self._begun(stage)) is not None:
                    courses[stage.NAME] = course
                    tasks.append(Task(stage=stage.NAME, into=str(course.into())))
            if not courses:
                continue  # what was skipped lets others begin
            while tasks and crew.give(tasks[0]):
                tasks.pop(0)
            task, answer = crew.answer() if crew.at_work else (tasks.pop(0), None)
            course = courses[task.stage]
            if answer is None:
                course.again += 1
                answer = self._instead(course, task)
            if answer.kind == "full":
                raise StorageFull(answer.text)
            if answer.kind == "parts":
                course.parts = answer.parts
                tasks += [Task(stage=task.stage, part=part, into=str(course.into())) for part in answer.parts]
            if answer.performed is not None:
                ended = course.take(task.part or "", Path(task.into), answer.performed)
            else:
                ended = not course.parts
            if ended:
                self._end(courses.pop(task.stage))

    def _instead(self, course: _Course, task: Task) -> Answer:
        """Run here what no process of a crew ran to its end; what it raises ends the run."""
        part = task.part or ""
        for left in Path(task.into).iterdir():
            left.unlink()
        self._performer.show(course.stage)
        if task.part is None and not self._performer.has_enough(course.stage):
            return Answer(kind="parts")
        return Answer(kind="done", performed=self._performer.perform(course.stage, part, Path(task.into)))

    def _free(self, waiting: Sequence[Stage], courses: Mapping[str, _Course]) -> list[Stage]:
        """Return the stages that wait for none before them."""
        open_ = {stage.NAME for stage in waiting} | courses.keys()
        free = []
        for stage in waiting:
            before = self._stages[: self._stages.index(stage)]
            if not any(one.NAME in open_ and set(one.WRITES) & set(stage.READS) for one in before):
                free.append(stage)
        return free

    def _begun(self, stage: Stage) -> _Course | None:
        """Begin a stage; ``None``: it would give what it gave before."""
        later = [one.NAME for one in self._stages[self._stages.index(stage) :]]
        # A stage reads what was read from the sources and what earlier stages made, nothing that it made itself.
        read = table_files(self._folder, stage.READS, without=later)
        id = stage_id(stage, self._settings, _inputs(self._folder, read))
        if self._last.get(stage.NAME) == id and unit_as_logged(self._folder, stage.NAME):
            self._folder.custody.append("stage", {"stage": stage.NAME, "id": id, "skipped": "unchanged"})
            return None
        return _Course(stage, id, self._folder.tmp / stage.NAME)

    def _end(self, course: _Course) -> None:
        details, files = course.store(self._folder)
        self._folder.custody.append("stage", {"stage": course.stage.NAME, "id": course.id, **details}, files)


def _inputs(folder: CaseFolder, read: Mapping[str, Mapping[Path, str]]) -> dict[str, str]:
    """Return path below the case and digest of every file that a stage reads."""
    return {
        file.relative_to(folder.path).as_posix(): digest for files in read.values() for file, digest in files.items()
    }


def _last_ids(folder: CaseFolder) -> dict[str, str]:
    """Return by name the id under which each stage last ran, or was found to be as it was."""
    lines = [line.details for line in folder.custody.lines() if line.action == "stage"]
    return {details["stage"]: details["id"] for details in lines if "stage" in details and "id" in details}
