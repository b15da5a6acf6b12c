"""Which rules are called on an item."""

from collections.abc import Callable, Iterator

from forensics.checks import RULES, load
from forensics.model.rules import Context, Observation, Rule, Subject

Check = Callable[[object, Context], Iterator[Observation]]


class Gates:
    """Which rules have what they need, memoised by mask: a rule without power is never called."""

    def __init__(self) -> None:
        self._rules = [load(name) for name in RULES if not name.startswith("case.")]
        self._memo: dict[tuple[Subject, int], tuple[tuple[Rule, Check], ...]] = {}

    def rules(self, subject: Subject, mask: int) -> tuple[tuple[Rule, Check], ...]:
        """Return the item rules for a kind of subject that a mask gives power to, in their fixed order."""
        found = self._memo.get((subject, mask))
        if found is None:
            found = tuple(
                (module.RULE, module.check)
                for module in self._rules
                if module.RULE.subject is subject and module.RULE.needs & mask == module.RULE.needs
            )
            self._memo[subject, mask] = found
        return found
