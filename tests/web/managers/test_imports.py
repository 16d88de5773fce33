"""Reading files from a browser: every fault in one table, nothing written before the second click."""

from __future__ import annotations

import io
import zipfile

from bs4 import BeautifulSoup

from plantation.domain.words import Role
from plantation.web.managers import uploads
from tests.web.managers.conftest import text_of

PATH = "/managers/import"
HOUSEHOLDS = "code,name,members,phone\nH101,赵一,3,13900000001\nH102,=1+1,2,\n"
RIGHTS = "code,household,entitlement_mu,from,to,status\nR101,H101,10,2018-04-01,2048-03-31,active\n"


def file(content: str | bytes, name: str):
    return (io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def packed(**files: str | bytes) -> bytes:
    with zipfile.ZipFile(content := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), text)
    return content.getvalue()


def upload(office, *files, status: int = 200):
    data = {"csrf_token": office.fields(PATH, PATH)["csrf_token"], "files": list(files)}
    answer = office.browser.post(PATH, data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:3000]
    return answer


def confirm(office, answer, status: int = 302):
    form = office.form(BeautifulSoup(answer.text, "html.parser"), f"{PATH}/confirm")
    sent = {control["name"]: control["value"] for control in form.find_all("input")}
    done = office.browser.post(f"{PATH}/confirm", data=sent)
    assert done.status_code == status, done.text[:3000]
    return done


def test_files_are_checked_first_and_written_after_the_second_click(office, own_uploads):
    answer = upload(office, file(HOUSEHOLDS, "households.csv"), file(RIGHTS, "rights.csv"))
    assert "No fault was found" in answer.text
    assert office.browser.get("/managers/households/code/H101").status_code == 404
    confirm(office, answer)
    assert office.get("/managers/households/code/H102").h1.get_text() == "H102 =1+1"
    assert "R101" in text_of(office.get("/managers/rights"))
    assert list(own_uploads.iterdir()) == []


def test_a_zip_of_the_folder_is_read_wherever_the_files_lie_in_it(office):
    content = packed(village__households_csv=HOUSEHOLDS, village__rights_csv=RIGHTS)
    confirm(office, upload(office, file(content, "C:\\Users\\Zhao\\village.ZIP")))
    assert office.get("/managers/households/code/H101")


def test_every_fault_stands_in_one_table_with_file_row_and_column(office, own_uploads):
    bad = "code,name,members,phone\nH101,赵一,-3,\n,无,2,\nH101,赵,1e3,\n"
    answer = upload(office, file(bad, "households.csv"), file(RIGHTS.replace("10,", "0,"), "rights.csv"), status=422)
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in BeautifulSoup(answer.text, "html.parser").main.table.tbody.find_all("tr")
    ]
    places = [(file, row, column) for file, row, column, _ in rows]
    assert ("households.csv", "2", "members") in places and ("households.csv", "3", "code") in places
    assert ("households.csv", "4", "members") in places and ("rights.csv", "2", "entitlement_mu") in places
    assert "faults were found; nothing was written" in answer.text
    assert list(own_uploads.iterdir()) == []


def test_a_file_in_gbk_is_named_not_misread(office):
    answer = upload(office, file(HOUSEHOLDS.encode("gbk"), "households.csv"), status=422)
    assert "households.csv" in answer.text and "UTF-8" in answer.text
    assert "H101" not in text_of(office.get("/managers/households"))


def test_what_cannot_be_an_upload_is_refused_with_its_name(office, own_uploads):
    for files, said in [
        ([], "Files: Choose a file first."),
        ([file("", "households.csv")], "The file “households.csv” is empty."),
        ([file("x", "plan.pdf")], "“plan.pdf” is none of the files that are read"),
        ([file("x", "../../etc/passwd")], "“passwd” is none of the files that are read"),
        ([file("no zip", "village.zip")], "“village.zip” is not a zip file that can be opened."),
        ([file(HOUSEHOLDS, "households.csv"), file(HOUSEHOLDS, "households.csv")], "The file “households.csv” comes twice."),
        ([file(packed(**{f"a{i}_csv": "x" for i in range(60)}), "many.zip")], "holds 60 files; at most 40"),
        ([file("a,b\n1,2\n", "unknown.csv")], "What was sent holds none of the files"),
    ]:
        refused = upload(office, *files, status=422).text
        assert said in refused, (said, text_of(BeautifulSoup(refused, "html.parser")))
        assert "/tmp" not in refused
    assert list(own_uploads.iterdir()) == []


def test_a_small_zip_that_unpacks_to_a_disk_full_is_not_unpacked(office, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)
    answer = upload(office, file(packed(households_csv="0" * 5_000_000), "bomb.zip"), status=422)
    assert "holds 5 MB unpacked; at most 1 MB are taken" in answer.text


def test_only_who_checked_the_files_confirms_them_and_only_once(office, elsewhere):
    answer = upload(office, file(HOUSEHOLDS, "households.csv"))
    name = BeautifulSoup(answer.text, "html.parser").find("input", attrs={"name": "upload"})["value"]
    token = elsewhere.fields(PATH, PATH)["csrf_token"]
    for other in (name, "../" + name, "", "x" * 400):
        stolen = elsewhere.browser.post(f"{PATH}/confirm", data={"csrf_token": token, "upload": other})
        assert stolen.status_code == 422 and "no longer here" in stolen.text
    confirm(office, answer)
    confirm(office, answer, status=422)


def test_files_go_in_through_managers_only(somebody):
    assert somebody(Role.ACCOUNTANT).browser.get(PATH).status_code == 403
