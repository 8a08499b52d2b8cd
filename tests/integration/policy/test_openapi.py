"""Requests made up from the interface's own document: none of them breaks it or its promises."""

import asyncio

import pytest

from tests.fuzzing import fuzz
from tests.integration.policy.conftest import WRITER


@pytest.mark.usefixtures("book")
async def test_the_interface_keeps_what_its_document_says(rest):
    tried = await asyncio.to_thread(fuzz, rest.url, WRITER)

    assert {"POST /v1/rulebooks", "GET /v1/cases", "PUT /v1/undos/{undo_id}"} <= set(tried)
    assert len(tried) > 25
