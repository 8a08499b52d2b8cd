"""``reeve publish`` against the REST interface of a running stack."""

import asyncio
import os

from policy.core.rulebook import digest
from reeve.cli import main
from reeve.stack.access import api_key_file
from reeve.stack.home import Home, StackRecord, write_privately
from reeve.stack.processes import identify
from tests.integration.policy.conftest import WRITER
from tests.integration.policy.story import BOOK, NETWORK, PARTITIONS
from tests.integration.policy.test_api import adoptions


async def publish(tmp_path, monkeypatch, rest, source):
    """Run the command in a state folder whose stack is ``rest``; return its status."""
    home = Home(tmp_path / "home")
    home.make()
    write_privately(api_key_file(home), WRITER)
    addresses = {"policy REST": f"{rest.url}/docs"}
    me = identify(os.getpid())
    home.write_record(StackRecord(pid=me.pid, born=me.born, state="ready", addresses=addresses))
    monkeypatch.setenv("REEVE_HOME", str(home.folder))
    book = tmp_path / "book.yaml"
    book.write_text(source)
    return await asyncio.to_thread(main, ["publish", str(book), "--network", NETWORK])


async def test_a_rulebook_is_published_and_put_in_force(bus, tmp_path, monkeypatch, capsys, rest):
    assert await publish(tmp_path, monkeypatch, rest, BOOK) == 0

    assert capsys.readouterr().out == f"{digest(BOOK)}\n"
    assert len(await adoptions(bus)) == PARTITIONS


async def test_faults_are_printed_with_their_places(tmp_path, monkeypatch, capsys, rest):
    assert await publish(tmp_path, monkeypatch, rest, BOOK.replace("delete,", "delette,")) == 1

    assert "book.yaml:16:" in capsys.readouterr().out
