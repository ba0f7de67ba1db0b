"""Compiled kernels are kept where this account may write, and ready before anybody waits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo_app.kernels import FOLDER, VARIABLE, keep_kernels

ROOT = Path(__file__).parent.parent

WALKED = """
import sys
from geo_app.kernels import warm_up
assert "numba" not in sys.modules, "start-up has loaded numba"
warm_up().join()
import numpy as np
from layers import kernels
def told():
    return {n: len(k.signatures) for n, k in vars(kernels).items() if hasattr(k, "signatures")}
ready = told()
from layers.network import Network
from layers.question import Question
from layers.scenarios import Change, apply
from layers.what_if import Standing
from tests import towns
town = towns.random_town(1)
net = Network.from_streets(town["streets"])
standing = Standing.of(**town | {"streets": net}, question=Question())
standing.after(apply([Change("close", "0")], town["meeting_places"]))
net.within_reach(town["population"].centroid, town["meeting_places"].geometry, 500)
assert told() == ready, (told(), ready)
print(sum(ready.values()))
"""


def test_kernels_stay_beside_the_code_where_that_may_be_written_to(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    keep_kernels(tmp_path / "var", tmp_path)
    assert VARIABLE not in os.environ
    assert not (tmp_path / "var").exists()


def test_kernels_go_to_var_for_this_account_alone_where_the_code_is_read_only(
    tmp_path, monkeypatch
):
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # noqa: ARG005
    keep_kernels(tmp_path / "var", tmp_path)
    folder = tmp_path / "var" / FOLDER
    assert os.environ[VARIABLE] == str(folder)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_somebody_has_chosen_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "/somewhere")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # noqa: ARG005
    keep_kernels(tmp_path, tmp_path)
    assert os.environ[VARIABLE] == "/somewhere"


@pytest.mark.parametrize("folder", ["", "kept"])
def test_what_is_warmed_up_is_all_that_a_walk_needs(tmp_path, folder):
    """
    After the warm-up no walk, reach or comparison compiles anything more.

    Once with the kernels kept beside the code, once in a folder of their own.
    """
    chosen = {VARIABLE: str(tmp_path / folder)} if folder else {}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WALKED],
        cwd=ROOT,
        env=os.environ | chosen,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 4
    assert not folder or any((tmp_path / folder).rglob("*.nbi"))


LOOKED = """
from geo_app.kernels import warm_up
warm_up(everything=True).join()
from layers import kernels_density, kernels_scan
def told():
    return [len(k.signatures) for m in (kernels_density, kernels_scan) for k in vars(m).values()
            if hasattr(k, "signatures")]
ready = told()
import numpy as np
from layers import network_density, scan
from layers.network import Network
from tests import towns
net = Network.from_streets(towns.random_town(1)["streets"])
rng = np.random.default_rng(1)
for n in (1, 5, 40):
    x, y, cases, controls = rng.integers(0, 9, (4, n))
    scan.bernoulli(x, y, cases, controls, draws=99)
    scan.poisson(x * 1.0, y, cases, controls + 0.5, draws=99)
    edges = rng.integers(0, len(net.metres), n)
    network_density.density(net, edges, net.metres[edges] / 2, bandwidth=300)
assert told() == ready, (told(), ready)
print(sum(ready))
"""


def test_what_is_warmed_up_is_all_that_hot_spots_need():
    """After the warm-up of a server neither a scan nor a density compiles anything more."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOKED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2
