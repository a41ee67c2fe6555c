"""Children end together."""

import os
import signal
import subprocess
import sys
import time

import pytest

from doorstep.config.processes import Child, Family

pytestmark = pytest.mark.slow

PARENT = """
import sys
from pathlib import Path
from doorstep.config.processes import Child, Family
with Family() as family:
    for name in sys.argv[2:]:
        family.children.append(Child.start(name, ["sh", "-c", f"{name} 300 & echo $!; wait"], Path(sys.argv[1], name)))
    print("started", flush=True)
    while not family.told_to_stop and not family.lost:
        family.wait()
print("ended", flush=True)
"""


@pytest.fixture
def parent(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path), "sleep"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


def grandchild(tmp_path):
    """The number of the process that the child has started."""
    log = tmp_path / "sleep"
    until(lambda: log.exists() and log.read_text().strip())
    return int(log.read_text())


def until(condition, seconds=5.0):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_all_of_them(parent, tmp_path, number):
    pid = grandchild(tmp_path)
    parent.send_signal(number)
    assert parent.stdout.readline() == "ended\n"
    until(lambda: not is_alive(pid))


def test_a_child_that_ends_by_itself_takes_the_others_along(tmp_path):
    with Family() as family:
        for name, command in {"stays": ["sleep", "300"], "goes": ["sh", "-c", "echo alas"]}.items():
            family.children.append(Child.start(name, command, tmp_path / name))
        until(lambda: family.lost)
        assert family.lost
        assert family.lost.name == "goes"
        assert family.lost.last_words() == "alas"
    assert all(child.ended for child in family.children)


def test_ctrl_c_reaches_only_the_parent(parent, tmp_path):
    assert os.getpgid(grandchild(tmp_path)) != os.getpgid(parent.pid)
