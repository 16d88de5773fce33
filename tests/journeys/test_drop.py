"""Files dropped onto the page are read as chosen ones are."""

from __future__ import annotations

from tests.doors import SECRET

DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/csv" }));
  const form = document.querySelector("form[data-drop]");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
    if (kind === "dragenter" && !form.classList.contains("drop-here")) throw new Error("nothing shows where to drop");
  }
}"""


def test_a_file_that_is_dropped_is_named_checked_and_waits_for_a_yes(open_phone):
    page = open_phone()
    page.goto("/sign-in")
    page.locator("main form input[type=text], main form input[name=name]").first.fill("zhao")
    page.locator("main form input[type=password]").fill(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**/managers/**")
    page.goto("/managers/import")
    assert page.locator(".drop-told").inner_text() == "Or drop the files here."
    page.evaluate(DROP, ["households.csv", "code,name,members,phone\nH900,Nurgul,4,\n"])
    assert page.locator(".drop-told").inner_text() == "households.csv (1 KB)"
    assert page.locator("form.drop-here").count() == 0
    page.get_by_role("button", name="Check the files").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name="Write all of it").count() == 1
    assert page.locator("main table").inner_text().split()[-4:] == ["Households", "1", "0", "0"]
    page.goto("/managers/households/code/H900")
    assert "H900" not in page.locator("h1").inner_text()  # nothing is written before the yes
