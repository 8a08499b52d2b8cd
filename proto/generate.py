"""Generate what is made from the contracts: Python behind the codec, values, and the reference.

``python proto/generate.py`` writes; ``--check`` writes nothing and exits 1 naming what differs.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from generator import convert, model, reference, values, views
from google.protobuf.descriptor_pb2 import FileDescriptorSet

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
FOLDER = "reeve/v1"
CODE = "libs/contracts"

V1 = '"""What protoc and proto/generate.py made of the contracts; private to contracts.codec."""\n'


def main(arguments: list[str]) -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args(arguments).check
    wanted = generated()
    stale = differences(wanted)
    if check:
        for line in stale:
            print(line)
        return 1 if stale else 0
    for path, text in wanted.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text)
    for path in leftovers(wanted):
        (ROOT / path).unlink()
    return 0


def generated() -> dict[str, str]:
    """Every generated file's text, by its path from the root."""
    with TemporaryDirectory() as folder:
        made = Path(folder)
        compiled = compile_into(made)
        files = {f"{CODE}/v1/__init__.py": V1}
        for path in sorted((made / FOLDER).iterdir()):
            files[f"{CODE}/v1/{path.name}"] = _rewritten(path.read_text())
    schema = model.read(compiled)
    for name, text in values.modules(schema).items():
        files[f"{CODE}/values/{name}"] = text
    for name, text in views.modules(schema).items():
        files[f"{CODE}/values/view/{name}"] = text
    for name, text in convert.modules(schema).items():
        files[f"{CODE}/v1/convert/{name}"] = text
    files["docs/reference/events.md"] = reference.page(schema)
    return files


def compile_into(folder: Path) -> FileDescriptorSet:
    """Run protoc into ``folder`` and return the descriptors with their comments."""
    descriptors = folder / "all.binpb"
    sources = sorted(f"{FOLDER}/{path.name}" for path in (PROTO / FOLDER).glob("*.proto"))
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}"]
    command += [f"--python_out={folder}", f"--pyi_out={folder}", "--include_source_info"]
    command += [f"--descriptor_set_out={descriptors}", *sources]
    subprocess.run(command, check=True)
    compiled = FileDescriptorSet()
    compiled.ParseFromString(descriptors.read_bytes())
    return compiled


def differences(wanted: dict[str, str]) -> list[str]:
    """What is committed and should not be so, one finding a line."""
    found = []
    for path, text in wanted.items():
        file = ROOT / path
        if not file.exists():
            found.append(f"{path}: missing; run make proto")
        elif (there := file.read_text()) != text:
            lines = zip(there.splitlines(), text.splitlines(), strict=False)
            line = next((n for n, (a, b) in enumerate(lines, 1) if a != b), "end")
            found.append(f"{path}:{line}: differs from what proto/ makes; run make proto")
    return found + [f"{path}: nothing makes this file" for path in leftovers(wanted)]


def leftovers(wanted: dict[str, str]) -> list[str]:
    """Files in the generated folders that nothing makes any more."""
    there = [
        path.relative_to(ROOT).as_posix()
        for folder in ("v1", "values")
        for path in sorted((ROOT / CODE / folder).rglob("*.py*"))
        if path.suffix in {".py", ".pyi"}
    ]
    return [path for path in there if path not in wanted]


def _rewritten(text: str) -> str:
    return re.sub(r"^from reeve\.v1 import", "from contracts.v1 import", text, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
