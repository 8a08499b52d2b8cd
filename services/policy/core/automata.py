"""The automatons in use, by their terms."""

from collections import ChainMap
from collections.abc import Sequence
from weakref import WeakValueDictionary

from policy.core.automaton import Automaton
from policy.core.databases import Dumped, Known, compiled, loaded
from policy.core.layout import lay_out
from policy.core.steps import Steps
from policy.core.text.terms import Term


class Shared:
    """An automaton for as long as anybody has this: machine code has no weak references.

    `databases` are those that it is made of.
    """

    __slots__ = ("__weakref__", "automaton", "databases")

    def __init__(self, automaton: Automaton, databases: Known) -> None:
        self.automaton = automaton
        self.databases = databases


class Automata:
    """The automatons in use: rulebooks that look for the same terms share one.

    Those that look for some of the same share what finds these.

    An automaton scans one text at a time, so they may be shared within one thread only.
    """

    def __init__(self) -> None:
        self._known: WeakValueDictionary[tuple[Term, ...], Shared] = WeakValueDictionary()

    def in_use(self) -> list[Shared]:
        """Return the automatons in use; who has them keeps them."""
        return list(self._known.values())

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
            databases = None
            if dump is not None and fits:
                in_use = ChainMap(*[dict(one.databases) for one in self.in_use()])
                databases = yield from loaded(dump, in_use)
            made = databases or compiled(layout)
            automaton = Automaton(wanted, layout, made)
            known = self._known[wanted] = Shared(automaton, made.known)
        return known
