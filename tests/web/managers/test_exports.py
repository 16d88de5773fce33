"""Everything of a collective in one zip: put together beside the request, for who asked for it, and kept a quarter of an hour."""

from __future__ import annotations

import io
import threading
import time
import zipfile

import pytest

from plantation.domain.words import Role
from plantation.web.managers import exports, jobs
from tests.web.conftest import token_of
from tests.web.managers.conftest import enter, text_of
from tests.web.managers.test_accounts import make
from tests.web.managers.test_imports import confirm, file, upload

PATH = "/managers/export"


def download(office):
    """Ask for the zip and wait for it, on a slow machine over the page that says how far it is."""
    answer = office.browser.post(PATH, data=office.fields(PATH, PATH))
    return fetch(office, answer.location) if answer.status_code == 302 else answer


def fetch(office, path: str):
    for _ in range(300):
        page = office.get(path)
        if link := page.main.find("a", href=f"{path}/file"):
            return office.browser.get(link["href"])
        time.sleep(0.05)
    raise AssertionError(text_of(page))


@pytest.fixture
def gate(monkeypatch):
    """Nothing is put together before it is set."""
    opened = threading.Event()
    files = exports.export_files
    monkeypatch.setattr("plantation.web.managers.jobs.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("plantation.web.managers.exports.export_files", lambda *given: (opened.wait(20), files(*given))[1])
    return opened


def test_the_folder_comes_back_as_a_zip_and_reads_in_unchanged(office):
    answer = download(office)
    assert answer.mimetype == "application/zip" and "plantation-aguoyi-2026-11-24.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "households.csv" in archive.namelist()
        assert "H001,钱,4,13900000000" in archive.read("households.csv").decode("utf-8-sig")
    again = upload(office, file(answer.data, "village.zip"))
    assert "No fault was found" in again.text
    confirm(office, again)
    assert download(office).data == answer.data


def test_a_large_village_is_put_together_beside_the_request_on_a_page_that_looks_again(office, gate):
    path = office.send(PATH, action=PATH).location
    page = office.get(path)
    assert page.find("meta", attrs={"http-equiv": "refresh"})["content"] == "2" and page.main.find("progress")
    assert office.browser.get(f"{path}/file").status_code == 404
    assert office.send(PATH, action=PATH).location == path  # asked for twice it is made once
    gate.set()
    answer = fetch(office, path)
    job = jobs._jobs[path.rsplit("/", 1)[1]]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        lines = sum(len(archive.read(name).splitlines()) for name in archive.namelist())
    assert job.done == job.whole and 0 < lines - job.whole <= 3 * len(archive.namelist())  # headers are lines that nobody counts
    rest = office.browser.get(f"{path}/file", headers={"Range": "bytes=100-"})
    assert rest.status_code == 206 and rest.data == answer.data[100:]


def test_it_is_for_who_asked_for_it_and_gone_with_the_program_or_the_next_one(office, village, elsewhere, gate, own_uploads):
    gate.set()
    path = office.send(PATH, action=PATH).location
    assert fetch(office, path).status_code == 200
    sun = enter(office.browser.application, "Sun", secret=make(office, "Sun", "manager"), collective=village.code)
    for other in (sun, elsewhere):
        assert f"{path}/file" not in str(other.get(path)) and other.browser.get(f"{path}/file").status_code == 404
    second = office.send(PATH, action=PATH).location
    assert second != path and "not here any more" in text_of(office.get(path))
    fetch(office, second)
    assert [zip.name for zip in own_uploads.rglob("*.zip")] == ["plantation-aguoyi-2026-11-24.zip"]
    jobs._jobs.clear()
    assert "the program was stopped" in text_of(office.get(second))


def test_after_a_while_it_is_thrown_away(office, monkeypatch, own_uploads):
    monkeypatch.setattr("plantation.web.managers.jobs.KEPT_SECONDS", 0.0)
    office.browser.post(PATH, data=office.fields(PATH, PATH))
    for _ in range(200):
        if not list(own_uploads.iterdir()):
            break
        time.sleep(0.05)
    assert not list(own_uploads.iterdir())


def test_one_that_fails_says_so_and_only_so_many_are_made_at_once(office, gate, monkeypatch, own_uploads):
    monkeypatch.setattr("plantation.web.managers.exports.export_files", lambda *given: 1 / 0)
    path = office.send(PATH, action=PATH).location
    for _ in range(200):
        if "fault of this program" in text_of(office.get(path)):
            break
        time.sleep(0.05)
    assert "fault of this program" in text_of(office.get(path)) and office.browser.get(f"{path}/file").status_code == 404
    monkeypatch.setattr(exports, "EXPORTS", jobs.JobKind("export", 0, exports.TooManyExports, exports.ExportFailed))
    assert "0 downloads are being put together already" in office.refused(PATH, action=PATH)
    assert len(list(own_uploads.iterdir())) == 1  # of the one that failed; a refused one leaves none


def test_files_go_out_to_managers_only(somebody):
    accountant = somebody(Role.ACCOUNTANT)
    assert accountant.browser.get(PATH).status_code == 403
    token = token_of(accountant.browser.get("/managers/advances/new"))
    assert accountant.browser.post(PATH, data={"csrf_token": token}).status_code == 403
