"""What is shipped: every package is listed, and a wheel runs from a folder that has nothing to do with the checkout."""

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def listed_packages() -> set[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    return set(parser["options"]["packages"].split())


def test_every_package_is_listed_in_setup_cfg():
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "plantation").rglob("__init__.py")} | {
        "plantation.templates",
        "plantation.static",
        "plantation.migrations",
    }
    assert listed_packages() == there


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for path in (ROOT / "plantation").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from a copy, so that nothing that lies about in the checkout gets in."""
    import shutil

    copy = tmp_path_factory.mktemp("source") / "plantation"
    shutil.copytree(
        ROOT,
        copy,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "venv", "build", "dist", "*.egg-info", "instance", "__pycache__", "tests", ".hypothesis", ".pytest_cache"
        ),
    )
    target = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(target), str(copy)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return next(target.glob("*.whl"))


def test_the_wheel_holds_templates_static_files_migrations_and_translations(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, package in (("templates", "templates"), ("static", "static"), ("migrations", "migrations")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                inside = f"plantation/{package}/{path.relative_to(ROOT / folder).as_posix()}"
                assert inside in names, inside
    assert "plantation/translations/zh_Hans/LC_MESSAGES/messages.mo" in names


def test_the_wheel_runs_from_an_unrelated_folder(wheel, tmp_path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (tmp_path / "elsewhere").mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PLANTATION_", "PYTEST_", "COV_"))}
    environ |= {"PYTHONPATH": str(site), "PLANTATION_SECRET_KEY": "k" * 40}

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path / "elsewhere", env=environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    where = run("import plantation; print(plantation.__file__)")
    assert Path(where.strip()).is_relative_to(site)
    assert "is ready" in run("from plantation.cli import main; main(['init'])")
    assert (tmp_path / "elsewhere" / "instance" / "plantation.db").is_file()
    page = run(
        "from plantation import create_app; c = create_app().test_client(); r = c.get('/sign-in'); "
        "print(r.status_code, '<form' in r.text, c.get('/healthz').status_code)"
    )
    assert page.split() == ["200", "True", "200"]
