"""What deploy/Dockerfile puts into an image is enough for its service, and holds no other."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UV = Path(sys.executable).parent / "uv"
LOOPS = {
    "gateway": [["gateway", "ingest"], ["gateway", "enforce"]],
    "policy": [["policy", "judge"], ["policy", "dispatch"], ["chassis.provision"]],
    "ledger": [["ledger"]],
}
IMPORT_ALL = """
import importlib, pkgutil, sys
for root in sys.argv[1:]:
    package = importlib.import_module(root)
    for module in pkgutil.walk_packages(package.__path__, root + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


@pytest.mark.parametrize("service", LOOPS)
def test_an_image_holds_all_that_its_service_imports(service, tmp_path):
    image = make_image(service, tmp_path)

    ran = run(image, ["-c", IMPORT_ALL, service, "contracts"])

    assert ran.returncode == 0, ran.stderr
    assert {path.name for path in (image / "src").iterdir()} == {"chassis", "contracts", service}

    for loop in LOOPS[service]:
        refused = run(image, ["-m", *loop])

        assert refused.returncode == 2, f"{loop}: {refused.stderr}"
        assert "cannot start" in refused.stderr


def make_image(service, folder):
    """Do what the Dockerfile does, without its layers."""
    image = folder / "reeve"
    uv(["venv", "--quiet", "--python", sys.executable, image])
    lock = ROOT / "requirements" / f"{service}.txt"
    wheels = ["--require-hashes", "--only-binary", ":all:", "--no-binary", "nkeys"]
    uv(["pip", "sync", "--quiet", *wheels, "--python", image / "bin" / "python", lock])
    code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "libs", image / "src", ignore=code)
    shutil.copytree(ROOT / "services" / service, image / "src" / service, ignore=code)
    return image


def uv(words):
    subprocess.run([UV, *words], check=True, cwd=ROOT)


def run(image, words):
    return subprocess.run(
        [image / "bin" / "python", *words],
        cwd=image,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": image / "src", "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
