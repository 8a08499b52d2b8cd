"""Where included sets come from: files that come with Reeve, and what was published before."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from policy.core.bundle import bundled, missing
from policy.store.rulebooks import Rulebooks, Within

BUILTIN, PUBLISHED, DIGEST = "builtin:", "published:", "sha256:"
_HERE = Path(__file__).resolve()
# As a wheel has them, an image, and the repository.
_FOLDERS = (
    _HERE.parent / "sets",
    _HERE.parents[1] / "rulebooks" / "sets",
    _HERE.parents[2] / "rulebooks" / "sets",
)


@cache
def builtin() -> Mapping[str, str]:
    """Return the sets that come with Reeve, by the names that `include` has for them."""
    folder = next((folder for folder in _FOLDERS if folder.is_dir()), None)
    paths = sorted(folder.glob("*.yaml")) if folder is not None else []
    return {f"{BUILTIN}{path.stem}": path.read_text(encoding="utf-8") for path in paths}


def with_builtin(text: str) -> str:
    """Return a rulebook with the sets it includes, as far as they come with Reeve."""
    while found := {name: builtin()[name] for name in missing(text) if name in builtin()}:
        text = bundled(text, found)
    return text


async def with_sets(text: str, rulebooks: Rulebooks, within: Within = None) -> str:
    """Return a rulebook with all the sets it includes that can be found within these networks.

    What is not found is left out; reading the rulebook tells it as a fault, with its place.
    """
    sought: set[str] = set()
    while wanted := [name for name in missing(text) if name not in sought]:
        sought.update(wanted)
        found = {name: await _find(name, rulebooks, within) for name in wanted}
        text = bundled(text, {name: body for name, body in found.items() if body is not None})
    return text


async def _find(name: str, rulebooks: Rulebooks, within: Within) -> str | None:
    if name.startswith(BUILTIN):
        return builtin().get(name)
    if name.startswith(PUBLISHED):
        found = await rulebooks.newest_named(name.removeprefix(PUBLISHED), within)
    else:
        found = await rulebooks.find(name.removeprefix(DIGEST), within)
    return found.source if found is not None else None
