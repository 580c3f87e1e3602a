"""The worker process: `python -m warum_api.working`, started by the service where there are jobs."""

from __future__ import annotations

import os
import signal
import threading

from warum_api.observing.logs import set_up_logs
from warum_api.settings import Settings, load_settings
from warum_api.working.room import worker_of
from warum_api.working.supervising import IDLE_SECONDS, OWNER


def main() -> None:
    """Work until there has been nothing to do for a while, or the service ends."""
    settings = load_settings(Settings, os.environ)
    set_up_logs(settings.log_format)
    worker = worker_of(settings, os.environ.get(OWNER))
    signal.signal(signal.SIGTERM, lambda *_: worker.leaving.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service is told, and tells us

    def wait_for_the_end() -> None:
        while os.read(0, 1024):  # the buffered stream would be locked at the end
            pass
        worker.leaving.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    worker.run(go_on=lambda waited: waited < IDLE_SECONDS)


if __name__ == "__main__":
    main()
