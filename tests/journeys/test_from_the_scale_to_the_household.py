"""The shortest way through the village: Zhao weighs at the field's edge, Qian sees the slip and what it brings."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.doors import PIN, SECRET


def enter(page, name: str, secret: str) -> None:
    page.goto("/sign-in")
    page.locator("main input[name=name]").fill(name)
    page.locator("main input[name=secret]").fill(secret)
    page.locator("main form button.button-primary").click()
    expect(page.locator("main input[name=secret]")).to_have_count(0)


def leave(page) -> None:
    menu = page.locator("header details.menu").filter(has=page.locator("button", has_text="Sign out"))
    menu.locator("summary").click()
    menu.get_by_role("button", name="Sign out").click()
    expect(page.locator("header").get_by_role("link", name="Sign in")).to_be_visible()


def fits(page) -> bool:
    """Whether nothing on the page is wider than the phone."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_weighing_on_the_managers_phone_reaches_the_households(open_phone):
    page = open_phone()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)

    enter(page, "zhao", SECRET)
    page.goto("/managers/weighings/new")
    assert fits(page)
    page.locator("#household").fill("H001")
    page.locator("#grade").select_option("A")
    page.locator("#gross_grams").fill("25.3")
    page.locator("#tare_grams").fill("1.2")
    expect(page.locator("[data-net]")).to_have_text("24.100")
    expect(page.locator("[data-amount]")).to_have_text("125.32")
    page.locator("button[name=save]").click()
    page.wait_for_url("**/2026-000063")
    assert fits(page)
    leave(page)

    enter(page, "H001", PIN)
    page.wait_for_url("**/my")
    assert fits(page)
    expect(page.locator(".owed-value")).to_contain_text("839.64")
    expect(page.locator("[aria-labelledby=season-title] dd").first).to_contain_text("895.468")
    expect(page.locator("[aria-labelledby=season-title] dd").nth(1)).to_contain_text("3,998.62")
    page.locator("header").get_by_role("link", name="Slips").click()
    page.locator(".slip-rows a").first.click()
    expect(page.locator("h1")).to_have_text("Slip 2026-000063")
    expect(page.locator(".paper-weight")).to_contain_text("24.1")
    assert fits(page)

    code = page.locator(".paper-code a").get_attribute("href")
    page.goto("/my/statement/2025")
    page.locator(".steps summary").first.click()
    expect(page.get_by_text("Your part of what the pool earned:").first).to_be_visible()
    assert fits(page)
    leave(page)

    page.goto(code)  # anybody who holds the paper may check it
    expect(page.locator("main")).to_contain_text("2026-000063")
    expect(page.locator("main")).not_to_contain_text("钱")
    page.goto("/my")
    page.wait_for_url("**/sign-in?next=/my")
    assert faults == []


def test_the_households_pages_need_no_javascript(open_phone):
    page = open_phone(java_script_enabled=False)
    enter(page, "H001", PIN)
    page.wait_for_url("**/my")
    expect(page.locator("svg.parcel-map .map-own").first).to_be_visible()
    expect(page.locator("svg.day-bars rect")).to_have_count(20)
    page.get_by_role("link", name="Why this amount").click()
    page.locator(".steps summary").first.click()
    expect(page.get_by_text("Your fruit in the pool:").first).to_be_visible()


def test_a_buyer_records_a_purchase_on_a_phone(open_phone):
    page = open_phone()
    enter(page, "b001", SECRET)
    page.wait_for_url("**/buyers")
    page.get_by_role("link", name="Record a purchase").click()
    page.locator("[name=lines-0-net_grams]").fill("100.5")
    page.locator("[name=lines-0-price_fen_per_kg]").fill("5.55")
    page.get_by_role("button", name="One more line").click()
    page.locator("[name=lines-1-grade]").select_option("B")
    page.locator("[name=lines-1-net_grams]").fill("20")
    page.locator("[name=lines-1-price_fen_per_kg]").fill("3")
    expect(page.locator("[data-total-amount]")).to_have_text("617.78")
    assert fits(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/buyers/purchases/2026/P00004")
    expect(page.locator("tfoot")).to_contain_text("617.78")
    expect(page.get_by_role("heading", name="Where this lot was picked")).to_be_visible()
    assert fits(page)
