"""A real Synapse, started and filled with users from Python."""

import json
import urllib.request

import pytest

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
