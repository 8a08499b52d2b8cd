"""The NATS of the manifests, run for real: only the provisioner may make the streams."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nkeys
import pytest

from chassis.bus import BusError, connect
from contracts.subjects import BUCKETS, STREAMS

ROOT = Path(__file__).parents[3]
BASE = ROOT / "deploy" / "k8s" / "base"
SMALL = ROOT / "deploy" / "k8s" / "overlays" / "small"
BIN = Path(sys.executable).parent


@pytest.fixture
def seeds(tmp_path):
    """A seed file for every user of users.conf."""
    users = re.findall(r"\$(\w+)_NKEY", (BASE / "users.conf").read_text(encoding="utf-8"))
    files = {}
    for user in users:
        files[user] = tmp_path / f"{user}.nk"
        files[user].write_bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    return files


@pytest.fixture
def nats_url(seeds, tmp_path):
    """A server with the configuration of the small overlay, on loopback."""
    config = (SMALL / "nats.conf").read_text(encoding="utf-8")
    config = re.sub(r"0\.0\.0\.0:\d+", "127.0.0.1:-1", config)
    config = config.replace("/data", str(tmp_path / "data"))
    config = config.replace("/run/nats", str(tmp_path))
    (tmp_path / "nats.conf").write_text(f"{config}\nports_file_dir: {json.dumps(str(tmp_path))}\n")
    (tmp_path / "users.conf").write_text((BASE / "users.conf").read_text(encoding="utf-8"))
    keys = {
        f"{user}_NKEY": nkeys.from_seed(bytearray(path.read_bytes())).public_key.decode()
        for user, path in seeds.items()
    }
    server = subprocess.Popen(
        [BIN / "nats-server", "-c", tmp_path / "nats.conf"],
        env={**os.environ, "POD_NAME": "nats-0", **keys},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _address(tmp_path / f"nats-server_{server.pid}.ports")
    finally:
        server.kill()
        server.wait()


async def test_the_provisioner_makes_every_stream_and_bucket_and_may_be_run_again(nats_url, seeds):
    first = provision(nats_url, seeds["PROVISIONER"])
    again = provision(nats_url, seeds["PROVISIONER"])

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    async with connect(nats_url, name="provisioner", seed_file=seeds["PROVISIONER"]) as bus:
        for stream in STREAMS:
            assert (await bus.bounds(stream.name)).last_seq == 0
        for bucket in BUCKETS:
            assert (await bus.bounds(f"KV_{bucket}")).last_seq == 0


async def test_a_service_writes_what_is_its_own_and_nothing_else(nats_url, seeds):
    provision(nats_url, seeds["PROVISIONER"])

    async with connect(nats_url, name="ingest", seed_file=seeds["INGEST"]) as bus:
        stored = await bus.publish("ev.0.matrix.n.g", b"x", msg_id="1")
        assert stored.seq == 1
        with pytest.raises((BusError, TimeoutError)):
            async with asyncio.timeout(1):
                await bus.publish("dec.0", b"x", msg_id="2")


def test_no_stream_is_made_with_the_seed_of_a_service(nats_url, seeds):
    refused = provision(nats_url, seeds["INGEST"])

    assert refused.returncode == 1
    assert "could not be made ready" in refused.stderr


def provision(url, seed_file):
    return subprocess.run(
        [sys.executable, "-m", "chassis.provision"],
        env={"PROVISION_NATS_URL": url, "PROVISION_NATS_SEED_FILE": str(seed_file)},
        capture_output=True,
        text=True,
        check=False,
    )


def _address(ports):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if ports.exists() and (text := ports.read_text()):
            return json.loads(text)["nats"][0]
        time.sleep(0.01)
    raise AssertionError("nats-server did not start")
