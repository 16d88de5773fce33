"""A browser that reads what it fetches: every page is parsed and checked, so that no test needs to ask for it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REDIRECTS = (301, 302, 303, 304, 307, 308)
_ONE_TIME = re.compile(r'(name="(?:csrf_token|once)"[^>]*value=")[^"]+')


class ReadingClient(FlaskClient):
    """A test client that fails on a page with a defect; `app.test_client_class = ReadingClient`."""

    _seen: set[bytes] = set()  # noqa: RUF012 - of the whole process: most tests fetch the same few pages first

    def open(self, *args, **kwargs):
        kwargs.setdefault("buffered", True)  # read at once, so that a file behind the answer is closed
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in REDIRECTS and response.data:
            path = response.request.path
            page = hashlib.sha256(f"{path} {_ONE_TIME.sub(lambda there: there[1], response.text)}".encode()).digest()
            if page not in self._seen:
                check_page(self.application, path, response.text)
                self._seen.add(page)
        return response


class Page:
    """A parsed page: its elements in their order (drawings too, without their namespace), and what stands around each."""

    def __init__(self, html: str):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root = parser.parse(html)
        assert parser.errors == [], [(position, code) for position, code, _ in parser.errors]
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        for element in self.elements:
            element.tag = element.tag.rpartition("}")[2]
        self.parents = {child: parent for parent in self.elements for child in parent}

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def has_around(self, element: Element, tag: str) -> bool:
        """Whether an element of that tag holds this one."""
        while (element := self.parents.get(element)) is not None:
            if element.tag == tag:
                return True
        return False


def text_of(element: Element) -> str:
    return "".join(element.itertext()).strip()


def check_page(app, path: str, html: str) -> None:
    """Assert what holds for all pages of ours."""
    page = Page(html)
    assert page.root.get("lang") and page.root.get("dir") in ("ltr", "rtl"), "the page says its language and direction"
    titles, headings = page.all("title"), page.all("h1")
    assert titles and text_of(titles[0]).strip("· "), "the page has a title"
    assert len(headings) == 1 and text_of(headings[0]), "the page has one heading of the first rank"
    ids = Counter(element.get("id") for element in page.elements if element.get("id") is not None)
    assert set(ids.values()) <= {1}, f"double ids: {sorted(each for each, times in ids.items() if times > 1)}"
    check_labels(page, set(ids))
    check_landmarks(page)
    check_errors(page)
    check_forms(app, page, path)
    check_links(app, page, path, set(ids))
    check_code(page)


def check_labels(page: Page, ids: set[str]) -> None:
    """Every label has its input and every input its label; what describes something is there."""
    labelled = {label.get("for") for label in page.all("label") if label.get("for") is not None}
    assert labelled <= ids, f"labels of nothing: {labelled - ids}"
    for control in page.all("input", "select", "textarea"):
        if control.get("type") in UNLABELLED:
            continue
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named or page.has_around(control, "label"), f"no label: {control.attrib}"
    for element in page.elements:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            missing = set((element.get(name) or "").split()) - ids
            assert not missing, f"{name} points nowhere: {missing}"
    for image in page.all("img"):
        assert image.get("alt") is not None, f"no alternative text: {image.attrib}"


def check_landmarks(page: Page) -> None:
    """Who jumps from part to part by their names tells them apart."""
    for tags in (("nav",), ("section", "div")):
        parts = [each for each in page.all(*tags) if tags[0] == "nav" or each.tag == "section" or each.get("role") == "region"]
        names = [each.get("aria-label") or each.get("aria-labelledby") for each in parts]
        texts = {each.get("id"): text_of(each) for each in page.elements if each.get("id")}
        said = Counter(texts.get(name, name) for name in names if name)
        assert set(said.values()) <= {1}, f"parts of one name: {sorted(name for name, times in said.items() if times > 1)}"


def check_errors(page: Page) -> None:
    """The list of what to mend begins with the field that comes first on the page: the focus goes there."""
    boxes = [each for each in page.all("div") if each.get("data-errors") is not None]
    told = [link.get("href").removeprefix("#") for box in boxes for link in box.iter("a") if (link.get("href") or "").startswith("#")]
    wrong = [each.get("id") for each in page.all("input", "select", "textarea") if each.get("aria-invalid") == "true"]
    if told and wrong and told[0] in wrong:
        assert told[0] == wrong[0], f"{told[0]} is told first, {wrong[0]} stands first"


def check_forms(app, page: Page, path: str) -> None:
    """Each form goes to an address that takes it, and each POST carries the token."""
    for form in page.all("form"):
        method = (form.get("method") or "get").upper()
        assert method in ("GET", "POST"), method
        target = urljoin(f"http://localhost{path}", form.get("action") or path)
        assert leads_somewhere(app, target, method), f"{method} {target} leads nowhere"
        token = form.find(".//input[@name='csrf_token']")
        assert (token is not None and bool(token.get("value"))) == (method == "POST"), f"the token of {target}"


def check_links(app, page: Page, path: str, ids: set[str]) -> None:
    """Links and files of our own are there; jumps within the page land."""
    for element in page.all("a", "link", "script", "img"):
        address = element.get("href") or element.get("src")
        if not address:
            continue
        assert not address.lower().startswith("javascript:"), element.attrib
        if address.startswith("#"):
            assert address[1:] in ids, f"{address} is not on the page"
            continue
        target = urljoin(f"http://localhost{path}", address)
        if urlsplit(target).netloc == "localhost" and urlsplit(target).scheme == "http":
            assert leads_somewhere(app, target, "GET"), f"{address} leads nowhere"
        else:
            assert urlsplit(target).scheme in ("mailto", "tel", "data"), f"an address outside: {address}"


def check_code(page: Page) -> None:
    """Nothing that the content security policy would stop: code and style come from files."""
    for script in page.all("script"):
        assert script.get("src") and not text_of(script), "inline script"
    assert not page.all("style"), "inline style sheet"
    for element in page.elements:
        inline = [name for name in element.attrib if name == "style" or str(name).startswith("on")]
        assert not inline, f"{inline} on {element.tag}"


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
