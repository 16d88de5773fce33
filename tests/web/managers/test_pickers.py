"""The office and its hired pickers, and the one page that a picker sees."""

from __future__ import annotations

from tests.web.managers.conftest import enter, text_of

PICKERS = "/managers/pickers"


def hire(harvest) -> None:
    harvest.send(f"{PICKERS}/new", code="P01", name="吴秀英", phone="139")
    harvest.send("/managers/weighings/new?season=2025", household="H001", grade="A", weighed_at="2025-09-01T08:00",
                gross_grams="11", tare_grams="1", picker="P01", piece_rate_fen_per_kg="0.80", save="1")  # fmt: skip


def test_a_picker_is_written_down_works_is_paid_and_sees_it(harvest, app):
    hire(harvest)
    harvest.send(f"{PICKERS}/day/P01", household="H002", amount_fen="120")
    assert "¥ 128.00" in text_of(harvest.get(f"{PICKERS}/code/P01"))
    assert "owed 128.00 yuan; 128.01 yuan is more" in harvest.refused(f"{PICKERS}/pay/P01", amount_fen="128.01")
    harvest.send(f"{PICKERS}/pay/P01", amount_fen="100")
    assert "P01 吴秀英 10 kg ¥ 8.00 1 ¥ 120.00 ¥ 100.00 ¥ 28.00" in text_of(harvest.get(PICKERS))
    card = harvest.send(f"{PICKERS}/code/P01", 200, action=f"{PICKERS}/card/P01")
    pin = card.text.split("data-pin>")[1].split("<")[0]
    picker = enter(app, "P01", secret=pin)
    page = text_of(picker.get("/picker"))
    assert "¥ 28.00" in page and "H002 ¥ 120.00" in page and "¥ 8.00" in page and "孙" not in page
    for path in ("/managers/pickers", "/managers/", "/my", "/buyers"):
        assert picker.browser.get(path).status_code == 403, path
    harvest.send("/managers/weighings/reverse/2025-000003", reason="another picker's")
    page = text_of(picker.get("/picker"))
    assert "2025-000003 · ¥ 0.80/公斤 · 已撤销" in page and "冲销 2025-000003" in page
    again = harvest.send(f"{PICKERS}/code/P01", 200, action=f"{PICKERS}/card/P01").text
    assert pin not in again and picker.browser.get("/picker").status_code == 302


def test_entries_are_taken_back_with_a_reason(harvest):
    hire(harvest)
    harvest.send(f"{PICKERS}/pay/P01", amount_fen="8")
    link = harvest.get(f"{PICKERS}/code/P01").find("a", href=lambda href: href and "/pay/reverse/" in href)["href"]
    assert "Reason" in harvest.refused(link)
    harvest.send(link, reason="counted twice")
    said = text_of(harvest.get(f"{PICKERS}/code/P01"))
    assert "counted twice" in said and "Still owed ¥ 8.00" in said and "¥ 8.00 Zhao taken back" in said
    assert harvest.get(f"{PICKERS}/code/P01").find("a", href=link) is None
    assert "taken back before" in harvest.refused(link, reason="again")
    assert harvest.browser.get(link.replace("/pay/", "/day/")).status_code == 404
    assert harvest.browser.get(f"{PICKERS}/pay/reverse/9/P01").status_code == 404


def test_what_cannot_be_is_said_at_its_field(harvest, elsewhere):
    hire(harvest)
    assert "Code: This is needed." in harvest.refused(f"{PICKERS}/new", name="x")
    assert "is picker P01 already" in harvest.refused(f"{PICKERS}/new", code="P02", name="吴秀英")
    assert "There is a picker “P01” already." in harvest.refused(f"{PICKERS}/new", code="P01", name="somebody else")
    assert "吴秀英" in text_of(harvest.get(PICKERS))
    assert "Household" in harvest.refused(f"{PICKERS}/day/P01", household="H404", amount_fen="1")
    assert "wage" in harvest.refused(f"{PICKERS}/day/P01", household="H001", amount_fen="-1").lower()
    for path in ("code/P01", "pay/P01", "day/P01", "edit/P01", "code/P404"):
        assert elsewhere.browser.get(f"{PICKERS}/{path}").status_code == 404
