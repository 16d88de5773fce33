"""A browser that reads what it fetches: every page is parsed and checked, so that no test needs to ask for it."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class ReadingClient(FlaskClient):
    """A test client that fails on a page with a defect; `app.test_client_class = ReadingClient`."""

    def open(self, *args, **kwargs):
        kwargs.setdefault("buffered", True)  # read at once, so that a file behind the answer is closed
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 304, 307, 308) and response.data:
            check_page(self.application, response.request.path, response.text)
        return response


def check_page(app, path: str, html: str) -> BeautifulSoup:
    """Parse a page and assert what holds for all of ours; the parsed page for further questions."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    assert parser.errors == [], [(position, code) for position, code, _ in parser.errors]
    page = BeautifulSoup(html, "html5lib")
    assert page.html.get("lang") and page.html.get("dir") in ("ltr", "rtl"), "the page says its language and direction"
    assert page.title and page.title.get_text(strip=True).strip("· "), "the page has a title"
    assert len(page.find_all("h1")) == 1 and page.h1.get_text(strip=True), "the page has one heading of the first rank"
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"double ids: {sorted({each for each in ids if ids.count(each) > 1})}"
    check_labels(page, set(ids))
    check_forms(app, page, path)
    check_links(app, page, path)
    check_code(page)
    return page


def check_labels(page: BeautifulSoup, ids: set[str]) -> None:
    """Every label has its input and every input its label; what describes something is there."""
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    assert labelled <= ids, f"labels of nothing: {labelled - ids}"
    for control in page.find_all(["input", "select", "textarea"]):
        if control.get("type") in UNLABELLED:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named or control.find_parent("label"), f"no label: {control}"
    for element in page.find_all(True):
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            missing = set((element.get(name) or "").split()) - ids
            assert not missing, f"{name} points nowhere: {missing}"
    for image in page.find_all("img"):
        assert image.has_attr("alt"), f"no alternative text: {image}"


def check_forms(app, page: BeautifulSoup, path: str) -> None:
    """Each form goes to an address that takes it, and each POST carries the token."""
    for form in page.find_all("form"):
        method = (form.get("method") or "get").upper()
        assert method in ("GET", "POST"), method
        target = urljoin(f"http://localhost{path}", form.get("action") or path)
        assert leads_somewhere(app, target, method), f"{method} {target} leads nowhere"
        token = form.find("input", attrs={"name": "csrf_token"})
        assert (token is not None and bool(token["value"])) == (method == "POST"), f"the token of {target}"


def check_links(app, page: BeautifulSoup, path: str) -> None:
    """Links and files of our own are there; jumps within the page land."""
    for element in page.find_all(["a", "link", "script", "img"]):
        address = element.get("href") or element.get("src")
        if not address:
            continue
        assert not address.lower().startswith("javascript:"), element
        if address.startswith("#"):
            assert page.find(id=address[1:]) is not None, f"{address} is not on the page"
            continue
        target = urljoin(f"http://localhost{path}", address)
        if urlsplit(target).netloc == "localhost" and urlsplit(target).scheme == "http":
            assert leads_somewhere(app, target, "GET"), f"{address} leads nowhere"
        else:
            assert urlsplit(target).scheme in ("mailto", "tel", "data"), f"an address outside: {address}"


def check_code(page: BeautifulSoup) -> None:
    """Nothing that the content security policy would stop: code and style come from files."""
    for script in page.find_all("script"):
        assert script.get("src") and not script.get_text(strip=True), "inline script"
    assert page.find("style") is None, "inline style sheet"
    for element in page.find_all(True):
        inline = [name for name in element.attrs if name == "style" or name.startswith("on")]
        assert not inline, f"{inline} on {element.name}"


def leads_somewhere(app, address: str, method: str) -> bool:
    """True when a route of `app` takes `method` at `address` (a file must exist)."""
    path = urlsplit(address).path
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method=method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    if endpoint == "static":
        from pathlib import Path

        return (Path(app.static_folder) / values["filename"]).is_file()
    return True
