"""Counts of files: on how many a rule had power, how many showed each bin, and the same for each pool."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set

import msgspec

from forensics.checks import RULES, load
from forensics.engine.measuring.counts import digest
from forensics.engine.measuring.file_reading import COUNTED, SeenFile
from forensics.knowledge import pools
from forensics.knowledge.rates import ANY, RateRow, counted_on, rates_of, same_source, shaped_on
from forensics.model.measuring import Count, FormedPool
from forensics.model.rules import Rule, Subject
from forensics.stages.grading.rank import SUPPORT

ALL = ""
"""In the place of an owner: all of them."""
_Key = tuple[str, str, str, str]
"""Owner, rule (or pool), bin and era."""


def counted_rules() -> list[Rule]:
    """Return the rules that are counted by file."""
    rules = [load(name).RULE for name in RULES if name.startswith(COUNTED)]
    of_contents = [rule for rule in rules if rule.subject in (Subject.DOCUMENT, Subject.ARCHIVE)]
    return [rule for rule in of_contents if rule.proposition not in SUPPORT]


def bins_hit(file: SeenFile) -> set[tuple[str, str]]:
    """Return rule and bin of each hit of a file."""
    return {(row.rule, row.bin) for row in file.hits}


def counts_for(file: SeenFile, rule: str, name: str) -> bool:
    """Whether a file is a measure of a bin."""
    wanted = counted_on(rule, name)
    return wanted is None or file.extension in wanted


class Tally:
    """Hits and powered files by owner, rule, bin and era.

    Args:
        files: what was seen.
        corpus: its name.
    """

    def __init__(self, files: Sequence[SeenFile], corpus: str) -> None:
        self.corpus = corpus
        self.items = digest(file.sha256 for file in files)
        self.n: Counter[_Key] = Counter()
        self.hits: Counter[_Key] = Counter()
        self._versions: dict[str, tuple[int, tuple[str, ...]]] = {}
        rules = counted_rules()
        for rule in rules:
            self._versions[rule.id] = (rule.version, tuple([one.name for one in rule.bins]))
        for file in files:
            hit = bins_hit(file)
            for rule in [rule for rule in rules if rule.id in file.powered]:
                shown = {name for of, name in hit if of == rule.id}
                shown |= {wider for name in shown for wider in rule.wider(name)}
                for one in rule.bins:
                    if counts_for(file, rule.id, one.name):
                        self._add(file, rule.id, one.name, hit=one.name in shown)

    def pool(self, files: Sequence[SeenFile], formed: FormedPool) -> None:
        """Count a pool, a file once."""
        members = {_parts(name) for name in formed.members}
        rules = {rule for rule, _ in members}
        name = pools.rows_id(formed.name)
        self._versions[name] = (pools.VERSION, (pools.BIN,))
        for file in files:
            if rules & file.powered:
                self._add(file, name, pools.BIN, hit=bool(bins_hit(file) & members))

    def _add(self, file: SeenFile, rule: str, name: str, *, hit: bool) -> None:
        for owner in (file.owner, ALL):
            self.n[owner, rule, name, file.era] += 1
            self.hits[owner, rule, name, file.era] += hit

    def sums(self, rule: str, name: str) -> tuple[int, int]:
        """Return hits and powered files of a bin, of all owners and eras."""
        return _sum([row for row in self._own(rule, ALL) if row.bin == name])

    def counts(self) -> tuple[Count, ...]:
        """Return the rows of all owners."""
        return tuple(
            [
                Count(
                    rule=row.rule,
                    version=row.version,
                    bin=row.bin,
                    corpus=row.corpus,
                    era=row.era,
                    route=row.route,
                    hits=row.hits,
                    n=row.n,
                    series=None,
                    series_n=None,
                    items=self.items,
                )
                for rule in self._versions
                for row in self._own(rule, ALL)
            ]
        )

    def rows(self, rule: str, version: int, without: str = ALL, further: int = 0) -> tuple[RateRow, ...]:
        """Return the rates of a rule with this count in the place of the shipped one of the corpus.

        Args:
            rule: its id, or the rows' id of a pool.
            version: of the rule.
            without: an owner whose files are not counted.
            further: files without a hit that are added to each bin.
        """
        shipped = [row for row in rates_of(rule, version) if row.corpus != self.corpus]
        own = self._own(rule, without)
        if further:
            latest = {row.bin: at for at, row in enumerate(own)}
            own = [
                msgspec.structs.replace(row, n=row.n + further) if latest[row.bin] == at else row
                for at, row in enumerate(own)
            ]
        return (*shipped, *own)

    def _own(self, rule: str, without: str) -> list[RateRow]:
        version, bins = self._versions.get(rule, (0, ()))
        found = []
        for name in bins:
            for era in (ANY, "before2010", "from2010"):
                n, hits = self.n[ALL, rule, name, era], self.hits[ALL, rule, name, era]
                if without != ALL:
                    n, hits = n - self.n[without, rule, name, era], hits - self.hits[without, rule, name, era]
                if n:
                    found.append(
                        RateRow(
                            rule=rule,
                            version=version,
                            bin=name,
                            corpus=self.corpus,
                            era=era,
                            route=ANY,
                            hits=hits,
                            n=n,
                        )
                    )
        return found


def form_pools(files: Sequence[SeenFile], corpus: str) -> tuple[FormedPool, ...]:
    """Return the pools with the bins that stay in them: the worst leaves until none is worse than it may be.

    What other corpora have of a bin and of its pool counts with the files. A bin whose edges were chosen on the corpus
    is not counted on it in a pool either.
    """
    return tuple([_form(name, files, corpus) for name in pools.pools()])


def _form(name: str, files: Sequence[SeenFile], corpus: str) -> FormedPool:
    grounded = sorted({*pools.members(name), *pools.left(name)})
    members = [one for one in grounded if corpus not in shaped_on(*_parts(one))]
    counted = rates_of(pools.rows_id(name), pools.VERSION)
    others = {row.corpus for row in counted} - same_source(corpus)
    beside = {one: _elsewhere(*_parts(one), others) for one in members}
    pool = _sum([row for row in counted if row.corpus in others])
    left: list[str] = []
    while members:
        powered, hits, per_bin = _sums(files, members)
        shares = {one: (per_bin[one][0] + beside[one][0], per_bin[one][1] + beside[one][1]) for one in members}
        worst = max(members, key=lambda one: shares[one][0] / max(1, shares[one][1]))
        k, m = shares[worst]
        if k * (powered + pool[1]) <= pools.WORSE * (hits + pool[0]) * m:
            break
        members.remove(worst)
        left.append(worst)
    return FormedPool(name=name, members=tuple(members), left=tuple(left))


def _parts(named: str) -> tuple[str, str]:
    """Return rule and bin of a member of a pool."""
    rule, _, name = named.partition(" ")
    return rule, name


def _elsewhere(rule: str, name: str, corpora: Set[str]) -> tuple[int, int]:
    """Return hits and powered files of a bin in other corpora in which its pool was counted."""
    rows = rates_of(rule, load(rule).RULE.version)
    wanted = corpora - shaped_on(rule, name)
    return _sum([row for row in rows if row.bin == name and row.corpus in wanted])


def _sum(rows: Sequence[RateRow]) -> tuple[int, int]:
    return sum([row.hits for row in rows]), sum([row.n for row in rows])


def _sums(files: Iterable[SeenFile], members: Sequence[str]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """Return powered files and hits of a pool, and hits and powered files of each of its bins."""
    rules = {_parts(name)[0] for name in members}
    powered = hits = 0
    n: Counter[str] = Counter()
    k: Counter[str] = Counter()
    for file in files:
        with_power = rules & file.powered
        if with_power:
            shown = {f"{rule} {name}" for rule, name in bins_hit(file)}.intersection(members)
            powered, hits = powered + 1, hits + bool(shown)
            n.update(with_power)
            k.update(shown)
    return powered, hits, {name: (k[name], n[_parts(name)[0]]) for name in members}
