"""The office looks at what does not agree and says what became of it."""

from __future__ import annotations

from plantation.models import DifferenceAnswer
from tests.web.managers.conftest import text_of

QUEUE = "/managers/differences?season=2025"


def test_a_difference_is_seen_with_its_size_answered_by_name_and_asks_again_when_it_moves(harvest):
    said = text_of(harvest.get(QUEUE))
    assert "The buyer's weight differs Grade A: the scale has 50 kg, the buyers recorded 0 kg. -50 kg ¥ -250.00 not answered" in said
    link = harvest.get(QUEUE).find("a", href=lambda href: href and "/buyer_differs/" in href)["href"]
    assert "Say what was found out" in harvest.refused(link, text=" ", all="1")
    value = harvest.fields(link)["listed"]
    said = {"text": "sold to the market, no note", "verdict": "accepted", "all": "1"}
    answer = harvest.browser.post(link, data=harvest.fields(link) | said | {"listed": "0" * 64 + value[64:]})
    assert answer.status_code == 422 and "figures have moved" in answer.text and "sold to the market" in answer.text
    harvest.send(link, **said)
    said = text_of(harvest.get(QUEUE))
    assert "accepted Zhao" in said and "Not answered 0" in said
    assert "sold to the market" in text_of(harvest.get(link))
    harvest.send(
        "/managers/weighings/new?season=2025",
        household="H001",
        grade="A",
        weighed_at="2025-09-02T08:00",
        gross_grams="9",
        tare_grams="1",
        save="1",
    )
    assert "Not answered 1" in text_of(harvest.get(QUEUE))


def scale_twice(office, *slips):
    """Pairs of weighings of one household at one minute: differences of their own."""
    for slip, minute in slips:
        office.send(
            "/managers/weighings/new?season=2025", household="H001", grade="A", weighed_at=f"2025-09-03T08:{minute:02d}",
            gross_grams="9", tare_grams="1", slip=slip, save="1",
        )  # fmt: skip


def test_several_are_answered_at_once_all_or_none(harvest, counted):
    scale_twice(harvest, ("Q-1", 1), ("Q-2", 1), ("Q-3", 5), ("Q-4", 5))
    rows = [box["value"] for box in harvest.get(QUEUE).select("[name=ticked]")]
    pairs = [row for row in rows if ":seconds_apart:" in row]
    assert [row.split(":")[2] for row in pairs] == ["Q-1 Q-2", "Q-3 Q-4"]
    said = {"text": "two crates each", "verdict": "explained", "some": "1"}
    assert "Tick at least one row" in harvest.refused(QUEUE, **said)
    for wrong, told in (
        ("0" * 64 + pairs[1][64:], "figures have moved since you looked, or agree now: Q-3 Q-4."),
        ("x", "changed on its way"),
    ):
        answer = harvest.browser.post(QUEUE, data=harvest.fields(QUEUE) | said | {"ticked": [pairs[0], wrong]})
        assert answer.status_code == 422 and told in answer.text and "two crates each" in answer.text
        assert f'value="{pairs[0]}" aria-label="Answer it Q-1 Q-2" checked' in answer.text
        assert counted(DifferenceAnswer) == 0
    harvest.send(QUEUE, **said, ticked=pairs)
    assert counted(DifferenceAnswer) == 2
    harvest.send(QUEUE, text="weighed before the buyers came", verdict="accepted", all="1", listed=[r for r in rows if r not in pairs])
    page = harvest.get(QUEUE)
    assert "Not answered 0" in text_of(page) and not page.select("[name=ticked]")


def test_loads_of_a_whole_plot_lead_to_the_plot(harvest):
    for slip in ("T-1", "T-2"):
        harvest.send(
            "/managers/weighings/new?season=2025", plot="P1", grade="A", weighed_at="2025-09-03T08:01", gross_grams="9", tare_grams="1",
            slip=slip, save="1",
        )  # fmt: skip
    page = harvest.get("/managers/differences/2025/seconds_apart/T-1%20T-2")
    assert "Slips T-1 and T-2 of P1 are 0 seconds apart." in text_of(page)
    link = page.find("a", string="P1")["href"]
    assert "P1" in text_of(harvest.get(link)) and "/plots/" in link


def test_what_is_not_there_is_not_found(harvest, elsewhere):
    for path in ("2025/buyer_differs/B", "2025/nothing/A", "2099/buyer_differs/A", "2025/over_land/H001"):
        assert harvest.browser.get(f"/managers/differences/{path}").status_code == 404, path
    assert elsewhere.browser.get("/managers/differences/2025/buyer_differs/A").status_code == 404
