"""The tree that the tidy tests look at: what git tracks, or would track when added."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files(*suffixes: str) -> list[Path]:
    """Return every file of the repository with one of ``suffixes``."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [
        ROOT / name
        for name in sorted(set(listed))
        if name and (not suffixes or name.endswith(suffixes)) and (ROOT / name).is_file()
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
