"""The automatons in use, by their terms."""

from collections.abc import Sequence
from weakref import WeakValueDictionary

from policy.core.automaton import Automaton
from policy.core.databases import Dumped, loaded
from policy.core.layout import lay_out
from policy.core.steps import Steps
from policy.core.text.terms import Term


class Shared:
    """An automaton for as long as anybody has this: machine code has no weak references."""

    __slots__ = ("__weakref__", "automaton")

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton


class Automata:
    """The automatons in use: rulebooks that look for the same terms share one.

    An automaton scans one text at a time, so they may be shared within one thread only.
    """

    def __init__(self) -> None:
        self._known: WeakValueDictionary[tuple[Term, ...], Shared] = WeakValueDictionary()

    def of(self, terms: Sequence[Term], dump: Dumped | None = None) -> Steps[Shared]:
        """Return the automaton of these terms; built once for as long as anybody has it.

        Its databases are those of `dump`, where that is of the same terms.
        """
        wanted = tuple(terms)
        known = self._known.get(wanted)
        if known is None:
            layout = yield from lay_out(wanted)
            fits = dump is not None and dump.digest == layout.digest
            yield
            databases = loaded(dump) if dump is not None and fits else None
            yield
            known = self._known[wanted] = Shared(Automaton(wanted, layout, databases))
        return known
