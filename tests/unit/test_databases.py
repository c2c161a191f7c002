# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The copies of databases outlive a server that is killed."""

import shutil
import tempfile
from pathlib import Path

import pytest

from workshop import cluster, databases

INSERT = "SET synchronous_commit = on; INSERT INTO sale DEFAULT VALUES RETURNING id"


def sell(database):
    """Insert a row that outlives the server, and return its number."""
    return int(databases.query(database, INSERT).split()[1])


@pytest.fixture
def server(monkeypatch):
    """Lend a PostgreSQL server of the test's own, in a short and open folder."""
    if not cluster.binaries():
        pytest.skip("PostgreSQL's server is on another machine: nobody kills it here.")
    home = Path(tempfile.mkdtemp(prefix="training-"))
    home.chmod(0o755)
    monkeypatch.setenv("TRAINING_HOME", str(home))
    monkeypatch.delenv("PGHOST", raising=False)
    with cluster.running():
        yield
    shutil.rmtree(home)


def test_copy_gives_no_number_twice_after_a_power_cut(server):
    """setup: a copied sequence keeps up with its rows when the server is killed."""
    databases.query("postgres", "CREATE DATABASE training_source")
    databases.query("training_source", "CREATE TABLE sale (id serial PRIMARY KEY)")
    assert sell("training_source") == 1
    databases.copy("training_source", "training_copy")
    assert sell("training_copy") == 2

    cluster._control("stop", "--mode=immediate")
    cluster._start()

    assert sell("training_copy") > 2
