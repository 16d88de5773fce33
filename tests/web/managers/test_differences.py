"""The office looks at what does not agree and says what became of it."""

from __future__ import annotations

from tests.web.managers.conftest import text_of

QUEUE = "/managers/differences?season=2025"


def test_a_difference_is_seen_with_its_size_answered_by_name_and_asks_again_when_it_moves(harvest):
    said = text_of(harvest.get(QUEUE))
    assert (
        "The buyer's weight differs Grade A: the scale has 50.000 kg, the buyers recorded 0.000 kg. -50 kg ¥ -250.00 not answered" in said
    )
    link = harvest.get(QUEUE).find("a", href=lambda href: href and "/buyer_differs/" in href)["href"]
    assert "Say what was found out" in harvest.refused(link, text=" ")
    stale = harvest.fields(link) | {"text": "sold to the market, no note", "verdict": "accepted", "digest": "0" * 64}
    answer = harvest.browser.post(link, data=stale)
    assert answer.status_code == 422 and "figures have moved" in answer.text and "sold to the market" in answer.text
    harvest.send(link, text="sold to the market, no note", verdict="accepted")
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


def test_what_is_not_there_is_not_found(harvest, elsewhere):
    for path in ("2025/buyer_differs/B", "2025/nothing/A", "2099/buyer_differs/A", "2025/over_land/H001"):
        assert harvest.browser.get(f"/managers/differences/{path}").status_code == 404, path
    assert elsewhere.browser.get("/managers/differences/2025/buyer_differs/A").status_code == 404
