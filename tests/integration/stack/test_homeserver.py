"""A real Synapse, started and filled with users from Python."""

import json
import shutil
import subprocess
import sys
import urllib.request

import pytest

from reeve.homeserver import ROOT
from reeve.stack.errors import Unusable


def test_a_registered_user_is_logged_in(synapse):
    account = synapse.register("registered")

    request = urllib.request.Request(
        synapse.url + "/_matrix/client/v3/account/whoami",
        headers={"Authorization": f"Bearer {account.access_token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        assert json.load(response)["user_id"] == "@registered:reeve.test"


def test_a_name_is_given_once(synapse):
    synapse.register("taken")

    with pytest.raises(Unusable, match="M_USER_IN_USE"):
        synapse.register("taken")


def test_why_it_cannot_be_installed_is_one_sentence(tmp_path):
    shutil.copytree(ROOT / "reeve", tmp_path / "reeve")

    done = subprocess.run(
        [sys.executable, "-m", "reeve.homeserver"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path}/requirements/synapse.txt is missing: "
        "the homeserver is installed from a source tree only.\n"
    )
