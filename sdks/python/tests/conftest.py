"""The tests talk to a real server; tests/contract/with_server.py of the repository starts one."""

from __future__ import annotations

import os
from typing import Iterator

import nexusdb
import pytest


def account() -> tuple[str, str]:
    return os.environ["NEXUS_TEST_USER"], os.environ["NEXUS_TEST_PASSWORD"]


def url() -> str:
    return os.environ["NEXUS_TEST_URL"]


@pytest.fixture
def client() -> Iterator[nexusdb.Client]:
    with nexusdb.Client(url(), auth=account()) as client:
        yield client


@pytest.fixture
def database(client: nexusdb.Client) -> Iterator[str]:
    """The name of an empty database, which is also the client's."""
    client.databases.create("pytest", or_replace=True)
    client.database = "pytest"
    yield "pytest"
    client.databases.drop("pytest", if_exists=True)
