"""Where plans lie until they are carried out: files in the instance folder, so that any worker can show them.

A plan is worked out again from its parameters at any time; what is kept here only saves the waiting. Each file is
replaced as a whole, so a reader never sees half of one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from plantation.errors import N_, NotFound
from plantation.services.land.allocation_plans import Plan
from plantation.services.land.plan_records import PlanUnreadable, read_plan, write_plan

WORKING, DONE, REFUSED, FAILED = "working", "done", "refused", "failed"
KEPT = 40

_KEY = re.compile(r"[0-9a-f]{24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a plan. `parameters`, `figures` and `refusal` are plain values, as plan_records.py writes them."""

    key: str
    state: str
    parameters: dict[str, Any]
    made_at: str
    made_by: str
    digest: str = ""
    figures: list[Any] | None = None
    refusal: dict[str, Any] | None = None


_COLUMNS = tuple(one.name for one in fields(Status))


class PlanFiles:
    """The plans of one collective in `folder`."""

    def __init__(self, folder: Path, collective_id: int) -> None:
        self.folder = folder / str(collective_id)

    def status(self, key: str) -> Status:
        """What became of the plan of that key. :raises NotFound: there is none."""
        if _KEY.fullmatch(key):
            with contextlib.suppress(OSError, ValueError, TypeError):
                return self._read_status(self._status_path(key))
        raise NotFound(what=N_("plan"), code=key[:24])

    def plan(self, key: str) -> Plan:
        """The plan itself. :raises NotFound: there is none, or it is not done. :raises PlanUnreadable: damaged."""
        status = self.status(key)
        if status.state != DONE:
            raise NotFound(what=N_("plan"), code=key)
        try:
            plan = read_plan(self._plan_path(key).read_text("utf-8"))
        except OSError as error:
            raise NotFound(what=N_("plan"), code=key) from error
        if plan.digest != status.digest:
            raise PlanUnreadable()
        return plan

    def recent(self, limit: int = KEPT) -> list[Status]:
        """The plans that are done, the latest first."""
        found = []
        for path in self._paths():
            with contextlib.suppress(OSError, ValueError, TypeError):
                found.append(self._read_status(path))
        done = [status for status in found if status.state == DONE]
        return sorted(done, key=lambda status: (status.made_at, status.key), reverse=True)[:limit]

    def write(self, status: Status, plan: Plan | None = None) -> None:
        """Keep `status`, and before it the plan that it says is done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if plan is not None:
            _replace(self._plan_path(status.key), write_plan(plan))
        _replace(self._status_path(status.key), json.dumps(asdict(status), ensure_ascii=False))

    def remove(self, key: str) -> None:
        """Forget the plan."""
        for path in (self._status_path(key), self._plan_path(key)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Forget all but the latest plans."""
        stamped = []
        for path in self._paths():
            with contextlib.suppress(OSError):
                stamped.append((path.stat().st_mtime, path.name))
        for _, name in sorted(stamped, reverse=True)[KEPT:]:
            self.remove(name.split(".")[0])

    def _paths(self) -> list[Path]:
        return list(self.folder.glob("*.status.json")) if self.folder.is_dir() else []

    def _read_status(self, path: Path) -> Status:
        written = json.loads(path.read_text("utf-8"))
        return Status(**{name: written[name] for name in _COLUMNS if name in written})  # an older version wrote more

    def _status_path(self, key: str) -> Path:
        return self.folder / f"{key}.status.json"

    def _plan_path(self, key: str) -> Path:
        return self.folder / f"{key}.plan.json"


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        for attempt in range(20):
            try:
                os.replace(name, path)
                return
            except PermissionError:  # on Windows a reader that has the file open holds it for a moment
                if attempt == 19:
                    raise
                time.sleep(0.05)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)
