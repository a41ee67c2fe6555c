"""A worker that sends what is due and may be killed: `python -m doorstep.notifications.tests.worker MINUTES`.

Its clock is that many minutes ahead, so that the leases of a worker that was killed have run out.
"""

import os
import sys
from datetime import UTC, datetime, timedelta


def main(minutes: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.config.settings")
    import django

    django.setup()
    from doorstep.lib import clock
    from doorstep.notifications.delivery import deliver

    with clock.shifted_to(datetime.now(UTC) + timedelta(minutes=minutes)):
        while deliver(clock.now):
            pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
