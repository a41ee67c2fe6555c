"""Which of the clock's jobs are worth a row in the queue right now."""

from collections.abc import Callable

from django.utils.module_loading import import_string
from django_ox.schedules import Schedule, SettingsScheduleSource


class OnlyWhenNeeded(SettingsScheduleSource):
    """The schedules from the settings, without those that say that they have nothing to do.

    Beside a task `sweep` may stand `sweep_is_needed()`, one cheap query. So a job can run every second where there is
    work, and an idle installation writes nothing.
    """

    def schedules(self) -> list[Schedule]:
        """What is due to be looked at in this pass."""
        return [schedule for schedule in super().schedules() if is_needed(schedule)]


def is_needed(schedule: Schedule) -> bool:
    """A task that does not say is always needed."""
    question: Callable[[], bool] | None
    try:
        question = import_string(f"{schedule.task.module_path}_is_needed")
    except ImportError:
        return True
    return question()
