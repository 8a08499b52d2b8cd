"""Compile the judge's core: `python deploy/native.py [FOLDER ...]`. See services/policy/native.py.

The folders are those that the packages policy and contracts are in; else those of this checkout.

It takes a C compiler and the headers of Python, and about two minutes of one core. Without them
nothing is lost but speed, so it says what is missing and ends well.
"""

import os
import shutil
import sys
import sysconfig
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [str(Path(one).resolve()) for one in sys.argv[1:]] or [
    str(ROOT / "services"),
    str(ROOT / "libs"),
]
os.environ["REEVE_INTERPRETED"] = "1"
sys.path[:0] = SOURCES

from policy import native  # noqa: E402 -- it is found where the lines above say


def missing() -> str:
    """Return what there has to be and is not; "" where nothing is missing."""
    compiler = os.environ.get("CC", "cc").split()[0]
    if shutil.which(compiler) is None:
        return "a C compiler (Debian: apt install gcc)"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "the headers of Python (Debian: apt install python3-dev)"
    return ""


def build(folder: Path) -> None:
    """Compile into `folder`, as a whole or not at all.

    Raises:
        SystemExit: the compiler refuses.
    """
    from mypyc.build import mypycify  # noqa: PLC0415 -- only who builds has it
    from setuptools import setup  # noqa: PLC0415 -- as above

    folder.parent.mkdir(parents=True, exist_ok=True)
    os.environ["MYPYPATH"] = os.pathsep.join(SOURCES)
    with TemporaryDirectory(dir=folder.parent) as work:
        before = Path.cwd()
        os.chdir(work)
        notes = StringIO()  # of what the compiler makes of each generator; nobody need see it
        try:
            with redirect_stdout(notes):
                extensions = mypycify(
                    [
                        "--config-file=",
                        "--ignore-missing-imports",
                        "--explicit-package-bases",
                        *(str(native.path_of(module)) for module in native.MODULES),
                    ],
                    opt_level="2",
                    debug_level="0",
                    group_name=native.GROUP,
                )
        except SystemExit:
            print(notes.getvalue())
            raise
        setup(
            name="reeve-native",
            ext_modules=extensions,
            script_args=["--quiet", "build_ext", "--build-lib", "lib", "--build-temp", "objects"],
        )
        shutil.rmtree(folder, ignore_errors=True)
        Path("lib").rename(folder)
        os.chdir(before)
    for old in folder.parent.iterdir():
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    folder = native.built()
    if folder.is_dir():
        return
    lacking = missing()
    if lacking:
        print(f"The judge's core stays interpreted: to compile it takes {lacking}.")
        return
    print("Compiling the judge's core; this takes some minutes, once a change", flush=True)
    build(folder)


main()
