"""The weighing page's modules in a JavaScript engine, without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from plantation.paths import STATIC
from tests.conftest import missing

READ = 'const given = JSON.parse(await new Promise((done) => { let text = ""; process.stdin.on("data", (part) => text += part).on("end", () => done(text)); }));'


@pytest.fixture(scope="session")
def javascript():
    """`javascript(module, expression, given)`: what the expression over `module` and `given` is, as Python values."""
    found = shutil.which("node")
    if found is None:
        missing("node (Debian: nodejs)")

    def run(module, expression, given):
        address = (STATIC / "field" / f"{module}.js").as_uri()
        script = f'import * as {module} from "{address}";\n{READ}\nconsole.log(JSON.stringify({expression}));'
        done = subprocess.run(
            [found, "--input-type=module", "-e", script], input=json.dumps(given), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
