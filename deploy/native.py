"""Compile the judge's core: `python deploy/native.py [FOLDER ...]`. See services/policy/native.py.

The folders are those that the packages policy and contracts are in; else those of this checkout.

It takes a C compiler and the headers of Python, and some minutes. Without them nothing is lost but
speed, so it says what is missing and ends well.
"""

import os
import shutil
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from mypyc.build import mypycify
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [str(Path(one).resolve()) for one in sys.argv[1:]] or [
    str(ROOT / "services"),
    str(ROOT / "libs"),
]
os.environ["REEVE_INTERPRETED"] = "1"
sys.path[:0] = SOURCES

from policy import native  # noqa: E402 -- it is found where the lines above say

# Nobody outside calls or replaces what is defined here, so calls within need no look-up.
WITHIN = ["-fno-semantic-interposition", "-fvisibility=hidden"]


def missing() -> str:
    """Return what there has to be and is not; "" where nothing is missing."""
    compiler = os.environ.get("CC", "cc").split()[0]
    if shutil.which(compiler) is None:
        return "a C compiler (Debian: apt install gcc)"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "the headers of Python (Debian: apt install python3-dev)"
    return ""


class Compile(build_ext):
    """Compiles the files of an extension side by side, as many as there are cores."""

    def build_extensions(self) -> None:
        one_by_one = self.compiler.compile

        def side_by_side(sources: list[str], **how: object) -> list[str]:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                made = pool.map(lambda source: one_by_one([source], **how), sources)
                return [name for names in made for name in names]

        self.compiler.compile = side_by_side
        super().build_extensions()


def translated() -> list[Extension]:
    """Return the modules in C.

    Raises:
        SystemExit: mypyc refuses.
    """
    notes = StringIO()  # of what the compiler makes of each generator; nobody need see it
    try:
        with redirect_stdout(notes):
            made = mypycify(
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
    for extension in made:
        extension.extra_compile_args += WITHIN
    return made


def build(folder: Path) -> None:
    """Compile into `folder`, as a whole or not at all.

    Raises:
        SystemExit: the compiler refuses.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.environ["MYPYPATH"] = os.pathsep.join(SOURCES)
    with TemporaryDirectory(dir=folder.parent) as work:
        before = Path.cwd()
        os.chdir(work)
        setup(
            name="reeve-native",
            ext_modules=translated(),
            cmdclass={"build_ext": Compile},
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
