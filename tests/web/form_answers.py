"""What must hold for the answer to a form that was sent."""

from __future__ import annotations

from bs4 import BeautifulSoup

from tests.web.form_sending import CONTROLS, SECRET, Control, Found, posting, read_form


def faults_of_answer(found: Found, sent: list[tuple[str, str]], answer, app) -> list[str]:
    """What is wrong with `answer`, said in words; an empty list when all is well."""
    is_page = answer.mimetype == "text/html"  # a download is no text
    if answer.status_code >= 500 or (is_page and "Traceback" in answer.text):
        return [f"a fault of the program: {answer.status_code}"]
    if answer.status_code in (302, 303) or not is_page:
        return []
    page = BeautifulSoup(answer.text, "html.parser")
    form = same_form(found, page, app)
    if answer.status_code == 200 and form is None:
        return []
    if form is None:
        return [f"{answer.status_code} without the form: {page.h1.get_text()} {page.main.get_text(' ', strip=True)[:200]}"]
    faults = [] if answer.status_code == 200 else faults_of_errors(page, form)
    return faults + lost(found, sent, read_form(form, found.page))


def same_form(found: Found, page: BeautifulSoup, app):
    for form in posting(page):
        one = read_form(form, found.action, app)
        if one.endpoint == found.endpoint and {each.name for each in found.controls} <= {each.name for each in one.controls} | {
            name for name, _ in one.buttons
        }:
            return form
    return None


def faults_of_errors(page: BeautifulSoup, form) -> list[str]:
    """Errors on top, each leading to its field, and the field tells its error."""
    box = page.find(attrs={"data-errors": True})
    if box is None:
        return ["no list of errors"]
    faults = []
    if box.get("tabindex") != "-1" or not box.find("li"):
        faults.append("the list cannot be focused or is empty")
    links = [link["href"].removeprefix("#") for link in box.find_all("a")]
    waiting = [one.get("id") for one in page.find_all(autofocus=True)]
    if waiting != (links[:1] if box.find("li").find("a") else [box.get("id")]):
        faults.append(f"the focus waits at {waiting}, not at the first of {links}")
    first = form.find(lambda one: one.name in ("input", "select", "textarea") and one.get("type") != "hidden")
    if first is not None and first in box.find_all_previous():
        faults.append("the list is not on top")
    for id_ in links:
        faults += faults_of_field(page, id_)
    for control in page.find_all(attrs={"aria-invalid": "true"}):
        if box.find("a", href=f"#{control.get('id')}") is None:
            faults.append(f"{control.get('name')} is wrong and not in the list")
    return faults


def faults_of_field(page, id_: str) -> list[str]:
    control = page.find(id=id_)
    if control is None:
        return [f"an error leads to #{id_}, which is not there"]
    if control.name not in ("input", "select", "textarea", "fieldset"):
        return [f"an error leads to #{id_}, a {control.name}"]
    if control.get("type") == "hidden":
        return [f"an error leads to the hidden #{id_}"]
    faults = [] if control.get("aria-invalid") == "true" else [f"#{id_} is not aria-invalid"]
    notes = [page.find(id=each) for each in (control.get("aria-describedby") or "").split()]
    if not any(note is not None and "field-error" in note.get("class", ()) and note.get_text(strip=True) for note in notes):
        faults.append(f"#{id_} is not described by its error")
    return faults


def lost(found: Found, sent: list[tuple[str, str]], back: Found) -> list[str]:
    """The names whose text did not come back as it was typed."""
    faults = []
    was: dict[str, list[str]] = {}
    for name, value in sent:
        was.setdefault(name, []).append(value)
    now: dict[str, list[Control]] = {}
    for one in back.controls:
        now.setdefault(one.name, []).append(one)
    for one in found.controls:
        # What nobody types is the page's own: a spoilt one is made anew.
        if one.kind in ("hidden", "password", "file", "submit") or SECRET.search(one.name):
            continue
        typed, controls = was.get(one.name, []), now.get(one.name, [])
        if one.kind == "select" and typed and typed[0] not in one.options:
            continue
        if one.kind in ("checkbox", "radio"):
            stays = (one.value in typed) == any(each.checked for each in controls if each.value == one.value)
        elif not typed:
            continue
        else:
            stays = any(shown(typed[0]) == each.value.replace("\r\n", "\n") for each in controls)
        if not stays:
            faults.append(f"{one.kind} {one.name} lost: {typed[:1]} {[each.value for each in controls][:1]}")
    return faults


def shown(text: str) -> str:
    return CONTROLS.sub("", text).replace("\r\n", "\n")
