"""How a worker's processes hear that it stops."""

import subprocess
from types import SimpleNamespace
from typing import Any

from config.production.worker import STOP_SIGNAL, _tell_children


def test_a_process_that_has_gone_keeps_no_other_from_hearing() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    with subprocess.Popen(["sleep", "60"]) as there:
        worker: Any = SimpleNamespace(
            pool=SimpleNamespace(info={"processes": [gone.pid, there.pid]})
        )

        _tell_children(worker)

        assert there.wait(30) == -STOP_SIGNAL
