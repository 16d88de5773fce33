"""A household lets a relative read and takes it back; the relative sees the same figures and changes nothing."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.doors import enter, token_of
from tests.orchard_fixtures import unread

PAGE = "/my/relatives"


def send(browser, address, page=PAGE, **data):
    return browser.post(address, data={"csrf_token": token_of(browser.get(page).text), **data})


def card_of(answer):
    """(sign-in name, PIN) of the card that is shown."""
    assert answer.status_code == 200, answer.text[:2000]
    shown = BeautifulSoup(answer.text, "html.parser").select("[data-pin]")
    assert len(shown) == 1
    return shown[0]["data-pin"], shown[0].get_text(strip=True)


@pytest.fixture
def daughter(app, qian):
    """Her browser, signed in with the card that Qian made for her."""
    return enter(app, *card_of(send(qian, PAGE, person="女儿")))


def said(browser, path):
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    return page


def test_a_relative_reads_what_the_household_reads_and_finds_no_way_to_change_it(qian, daughter):
    assert daughter.get("/arrive").location == "/my"
    assert said(daughter, "/my").find(class_="owed-value").text == said(qian, "/my").find(class_="owed-value").text
    for path in ("/my/slips", "/my/statement/2025", "/my/land", "/my/data", "/my/slips/2026-000001"):
        mine, hers = said(qian, path), said(daughter, path)
        assert mine.h1.text == hers.h1.text and [each.text for each in mine.select("td")] == [each.text for each in hers.select("td")]
    assert said(qian, "/my").find("a", href=PAGE) and not said(daughter, "/my").find("a", href=PAGE)
    for path in ("/my", "/my/slips", "/my/statement/2025", "/my/land", "/my/data", "/my/slips/2026-000001"):
        ways = {form.get("action", path) for form in said(daughter, path).select("main form[method=post]")}
        assert not ways, (path, ways)
    token = token_of(daughter.get("/my").text)
    refused = [daughter.get(path).status_code for path in (PAGE, "/my/dispute/2026-000001", "/account", "/managers/", "/buyers")]
    refused += [
        daughter.post(path, data={"csrf_token": token, "person": "x", "about": "weight_wrong"}).status_code
        for path in (PAGE, "/my/dispute/2026-000001", f"{PAGE}/withdraw/1", "/account/sign-ins/end")
    ]
    assert set(refused) == {403}


def test_withdrawn_means_now_on_every_phone(app, qian, daughter):
    listed = BeautifulSoup(qian.get(PAGE).text, "html.parser")
    assert "女儿" in listed.main.text and "H001 1" in listed.main.text
    withdraw = next(form["action"] for form in listed.select("main form") if "/withdraw/" in form.get("action", ""))
    assert daughter.get("/my").status_code == 200
    answer = send(qian, withdraw)
    assert answer.status_code == 302
    assert "it ended at once on every phone" in qian.get(answer.location).text
    answer = daughter.get("/my")
    assert answer.status_code == 302 and answer.location.startswith("/sign-in")
    assert send(qian, withdraw).status_code == 404


@pytest.mark.parametrize(
    ("language", "why"), [("en", "was withdrawn"), ("zh_Hans", "已被收回"), ("ug", "قايتۇرۇۋېلىندى"), ("ky_Arab", "قايتارىپ الىندى")]
)
def test_whose_access_was_withdrawn_is_told_so_in_her_language(app, qian, daughter, language, why):
    daughter.post("/language", data={"csrf_token": token_of(daughter.get("/my").text), "language": language})
    daughter.delete_cookie("plantation_language")  # her phone itself asks for English
    listed = BeautifulSoup(qian.get(PAGE).text, "html.parser")
    send(qian, next(form["action"] for form in listed.select("main form") if "/withdraw/" in form.get("action", "")))
    page = BeautifulSoup(daughter.get("/my/slips", follow_redirects=True).text, "html.parser")
    assert why in page.find(class_="notice-refused").text and page.find("input", type="password")
    assert page.html["lang"].replace("-", "_") == language
    assert not BeautifulSoup(daughter.get("/sign-in").text, "html.parser").find(class_="notice-refused")


def test_a_new_card_ends_the_one_before_and_goes_on_with_the_new_pin(app, qian, daughter):
    listed = BeautifulSoup(qian.get(PAGE).text, "html.parser")
    renew = next(form["action"] for form in listed.select("main form") if "/card/" in form.get("action", ""))
    name, pin = card_of(send(qian, renew))
    assert name == "H001 1" and daughter.get("/my").status_code == 302
    assert enter(app, name, pin).get("/my").status_code == 200


def test_another_household_reaches_none_of_it(qian, daughter, sun):
    listed = BeautifulSoup(qian.get(PAGE).text, "html.parser")
    for form in listed.select("main form[action*='/card/'], main form[action*='/withdraw/']"):
        assert send(sun, form["action"]).status_code == 404
    assert "女儿" not in sun.get(PAGE).text and daughter.get("/my").status_code == 200


HOSTILE = ["", " ", "x" * 61, "a\x00b", "‮evil", "<script>alert(1)</script>", "' OR 1=1 --", "女儿", "٣", "👩‍👧"]


@pytest.mark.parametrize("person", HOSTILE)
def test_whatever_is_typed_is_a_card_or_a_clear_error(qian, person, daughter):
    answer = send(unread(qian), PAGE, person=person)
    assert answer.status_code in (200, 422)
    page = BeautifulSoup(answer.text, "html.parser")
    if answer.status_code == 422:
        assert page.find(attrs={"data-errors": True}) and page.find(id="person")["aria-invalid"] == "true"
        if "\x00" not in person:
            assert page.find(id="person")["value"] == person
    else:
        assert "<script>alert" not in answer.text and page.select_one("[data-pin]")
    for number in ("0", str(1 << 80), "9" * 400):
        assert send(qian, f"{PAGE}/withdraw/{number}").status_code == 404
    for number in ("-1", "x", "1.5"):
        assert send(qian, f"{PAGE}/withdraw/{number}").status_code == 404


def test_the_seventh_is_not_let_in(qian):
    for number in range(6):
        card_of(send(qian, PAGE, person=f"relative {number}"))
    assert not BeautifulSoup(qian.get(PAGE).text, "html.parser").find(id="person")
    answer = send(qian, PAGE, person="one more")
    assert answer.status_code == 422 and "At most 6 relatives" in answer.text


def test_the_office_gives_and_withdraws_for_a_household(app, zhao):
    page = "/managers/households/relatives/H001"
    name, pin = card_of(send(zhao, page, page, person="his son"))
    son = enter(app, name, pin)
    assert son.get("/my").status_code == 200
    assert "his son" in zhao.get("/managers/households/code/H001").text
    listed = BeautifulSoup(zhao.get(page).text, "html.parser")
    renew, withdraw = (
        next(form["action"] for form in listed.select("main form") if word in form.get("action", "")) for word in ("-card/", "-withdraw/")
    )
    name, pin = card_of(send(zhao, renew, page))
    assert son.get("/my").status_code == 302
    son = enter(app, name, pin)
    # An account's own page leads to the household's relatives, and its PIN cannot be typed by anybody.
    account = next(
        link["href"]
        for link in BeautifulSoup(zhao.get("/managers/accounts?search=H001+1").text, "html.parser").select("a[href*='/accounts/']")
        if link.text.strip() == "H001 1"
    )
    shown = BeautifulSoup(zhao.get(account).text, "html.parser")
    assert shown.find("a", href=page) and not shown.find("input", {"name": "secret"})
    assert send(zhao, withdraw.replace("H001", "H002"), page).status_code == 404
    assert send(zhao, withdraw, page).status_code == 302 and son.get("/my").status_code == 302
