"""The judge's core as machine code, where it was built from just these sources.

`deploy/native.py` has mypyc turn the modules below into C. They do the same either way, byte for
byte, and only the time they take differs. What was built is kept under a digest of all that the
compiler looked at, so that a changed source is never run by an old build: it is interpreted, until
the build is made anew.
"""

import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

import contracts

INTERPRETED: Final = "REEVE_INTERPRETED"
"""Setting this in the environment has the sources interpreted, whatever was built."""

CORE: Final = "policy.core"
TEXT: Final = (
    "covered", "fold", "hints", "joined", "letters", "look", "loose", "marks", "numbers", "spoken",
    "substance", "terms", "turned", "view", "views",
)  # fmt: skip
REST: Final = (
    "ahead", "alike", "amounts", "arrivals", "automaton", "belonging", "carry_out", "commands",
    "compiled", "counting", "court", "effects", "engine", "expecting", "explain", "fields",
    "filing", "happenings", "hinting", "hits", "imitation", "index", "kinds", "ladders",
    "links", "loosely", "marks", "noticing", "permits", "quotes", "said", "sanctions", "seen",
    "spoilers", "state", "surfaces", "touching", "versions",
)  # fmt: skip
# Left out is what msgspec makes of other classes, what others make classes of their own of, and
# what a message in a thousand comes to.
MODULES: Final = (
    *(f"{CORE}.{name}" for name in REST),
    *(f"{CORE}.text.{name}" for name in TEXT),
    "policy.seat",
    "chassis.bus.delivery",
    "chassis.bus.frames",
    "contracts.codec",
    "contracts.glance",
    "contracts.ids",
    "contracts.values.view.event",
    "contracts.wire",
)
GROUP: Final = "reeve"
_LIBRARY: Final = f"{GROUP}__mypyc"  # holds them all; each module is a door to it
_SUFFIX: Final = EXTENSION_SUFFIXES[0]
_SERVICES: Final = Path(__file__).parent.parent
_CONTRACTS: Final = Path(str(contracts.__file__)).parent
_LIBS: Final = _CONTRACTS.parent
FOLDER: Final = _SERVICES.parent / "build" / "native"


def path_of(module: str) -> Path:
    """Return where the source of one of `MODULES` is."""
    package, *rest = module.split(".")
    folder = _SERVICES if package == "policy" else _LIBS
    return folder.joinpath(package, *rest).with_suffix(".py")


def built() -> Path:
    """Return the folder that a build of the present sources is in, or would be."""
    found = sha256(" ".join((_SUFFIX, *MODULES)).encode())
    roots = (Path(__file__).parent / "core", _CONTRACTS, _LIBS / "chassis" / "bus")
    paths = {path for root in roots for path in root.rglob("*.py")} | set(map(path_of, MODULES))
    for path in sorted(paths):
        found.update(path.read_bytes())
    return FOLDER / found.hexdigest()[:16]


class Finder:
    """Finds the compiled modules before the sources are looked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self,
        name: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return how to load one of `MODULES`, or what they share; None of any other."""
        if name not in MODULES and name != _LIBRARY:
            return None
        path = str(self._folder.joinpath(*name.split("."))) + _SUFFIX
        return spec_from_file_location(name, path, loader=ExtensionFileLoader(name, path))


def use() -> bool:
    """Have the core loaded as machine code, if it was built; return whether it is.

    It is all of it or nothing, since machine code takes no object of an interpreted class for one
    of its own: where some of it was imported before this was asked, all is interpreted.
    """
    if os.environ.get(INTERPRETED) or not sys.modules.keys().isdisjoint(MODULES):
        return False
    folder = built()
    if folder.is_dir():
        sys.meta_path.insert(0, Finder(folder))
        return True
    return False
