"""A job by the clock runs only where there is something to do."""

from types import SimpleNamespace

from doorstep.config.schedules import is_needed


def schedule(path):
    return SimpleNamespace(task=SimpleNamespace(module_path=path))


def sweep_is_needed():
    return False


def mop_is_needed():
    return True


def test_a_job_that_has_nothing_to_do_is_left_out():
    assert not is_needed(schedule(f"{__name__}.sweep"))


def test_a_job_that_has_something_to_do_runs():
    assert is_needed(schedule(f"{__name__}.mop"))


def test_a_job_that_does_not_say_runs():
    assert is_needed(schedule(f"{__name__}.dust"))
