"""Every page that its reader can walk to, in a real browser 360 px wide: it fits, with text twice as large too, a thumb
hits it, it is light and alone."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from plantation.domain.words import Role
from plantation.services.desk import Desk
from plantation.services.money.pickers import save_picker
from plantation.services.money.township import give_grant
from plantation.services.people.accounts import create_account
from plantation.services.people.households import load_household
from plantation.services.people.passwords import hash_secret
from plantation.services.people.relatives import give_access
from tests.conftest import NOW
from tests.doors import PIN, SECRET, open_app
from tests.journeys.conftest import PHONE
from tests.journeys.test_from_the_scale_to_the_household import enter

MOST = 60 * 1024  # bytes of a page with its styles and scripts, the map's library aside
READERS = {"zhao": SECRET, "H001": PIN, "H001 1": PIN, "b001": SECRET, "P01": PIN, "town": SECRET, "": ""}
FEWEST = {"zhao": 60, "H001": 10, "H001 1": 8, "b001": 6, "P01": 1, "town": 1, "": 4}
STARTS = {"": ["/", "/sign-in", "/verify", "/languages", "/lot", "/field"]}
FILES = ("pdf", "csv", "json", "photo", "download", "statement-pdf")

# What is wrong with the page that is shown, as sentences, and where its links lead.
LOOK = """() => {
  const wrong = [], wide = document.scrollingElement.scrollWidth
  if (wide > 360) {
    const out = [...document.querySelectorAll('main *')].filter(it => it.getBoundingClientRect().right > 361)
    wrong.push(`${wide} px wide: ${out.slice(0, 3).map(it => it.tagName + '.' + it.getAttribute('class'))}`)
  }
  for (const it of document.querySelectorAll('main *')) {
    const rolls = !it.closest('svg, .leaflet-container') && ['auto', 'scroll'].includes(getComputedStyle(it).overflowX)
    if (rolls && it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1) {
      wrong.push(`${it.scrollWidth} px in ${it.clientWidth}: ${it.className} ${it.getAttribute('aria-label') ?? it.id}`)
    }
  }
  for (const it of document.querySelectorAll('main *')) {
    const words = [...it.childNodes].filter(each => each.nodeType === 3 && each.data.trim())
    if (words.length > 1 && getComputedStyle(it).display.endsWith('flex')) wrong.push(`a sentence in pieces: ${it.textContent.trim().slice(0, 60)}`)
  }
  for (const it of document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')) {
    if (it.closest('svg, .leaflet-container') || !it.checkVisibility({visibilityProperty: true})) continue
    if (it.matches('.skip, .only-read')) continue
    const isText = it.tagName === 'A' && getComputedStyle(it).display === 'inline'
    const around = it.matches('[type=checkbox], [type=radio]') ? it.closest('label, .field-check, td, li, p') || it : it
    const box = around.getBoundingClientRect()
    if (!isText && box.height > 0 && box.height < 39.5) {
      wrong.push(`${Math.round(box.height)} px high: ${it.tagName}.${it.className} ${it.textContent.trim().slice(0, 30)}`)
    }
  }
  for (const it of document.querySelectorAll('select')) {
    if (!it.checkVisibility()) continue
    const style = getComputedStyle(it), pen = document.createElement('canvas').getContext('2d')
    pen.font = style.font
    const room = it.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
    const cut = [...it.options].find(one => pen.measureText(one.text).width > room)
    if (cut) wrong.push(`${it.name} cuts “${cut.text}”`)
  }
  const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  const foreign = files.filter(it => new URL(it.name).host !== location.host).map(it => it.name)
  if (foreign.length) wrong.push(`asks others: ${foreign}`)
  const own = files.filter(it => it.entryType === 'navigation' || /\\/static\\/(css|js|field)\\//.test(it.name))
  const bytes = own.reduce((sum, it) => sum + it.encodedBodySize, 0)
  const links = [...document.querySelectorAll('a[href]')].map(it => it.getAttribute('href'))
  document.documentElement.style.fontSize = '200%'
  const large = document.scrollingElement.scrollWidth
  if (large > 360) {
    const out = [...document.querySelectorAll('body *')].filter(it => it.getBoundingClientRect().right > 361)
    wrong.push(`${large} px wide with text of 200 %: ${out.slice(-3).map(it => it.tagName + '.' + it.getAttribute('class'))}`)
  }
  return {wrong, bytes, links}
}"""


@pytest.fixture
def readers(orchard_database, orchard):
    """The daughter of H001, a picker and the township beside those who can sign in anyway."""
    with orchard_database.write() as session:
        desk = Desk(session, orchard, "zhao", NOW)
        give_access(desk, load_household(desk, "H001"), "his daughter", (PIN, hash_secret(PIN)))
        save_picker(desk, code="P01", name="吴秀英")
        create_account(desk, name="P01", role=Role.PICKER, secret=PIN, language="en")
        create_account(desk, name="town", role=Role.TOWNSHIP, secret=SECRET, language="en")
        session.flush()
        give_grant(desk, reader_collective=orchard.code, reader="town")


def is_fault(message) -> bool:
    """An error on the console. (After an answer that is no page the browser asks for an icon of its own accord.)"""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


@pytest.mark.parametrize("name", READERS)
def test_every_page_fits_a_phone(readers, orchard_database, open_phone, name):
    page, faults, said = open_phone(), [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if is_fault(message) else None)
    if name:
        enter(page, name, READERS[name])
    adapter = open_app(orchard_database).url_map.bind("localhost")
    waiting, visited = list(STARTS.get(name, [urlsplit(page.url).path])), set()
    while waiting:
        path = waiting.pop(0)
        try:
            endpoint, _ = adapter.match(urlsplit(path).path, method="GET")
        except HTTPException:
            continue
        if endpoint in visited or endpoint == "static" or any(word in endpoint + path for word in FILES):
            continue
        visited.add(endpoint)
        answer = page.goto(path)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        seen = page.evaluate(LOOK)
        heard = said[:]
        said.clear()
        faults += [f"{path}: {each}" for each in (*seen["wrong"], *heard)]
        if seen["bytes"] >= MOST:
            faults.append(f"{path}: {seen['bytes']} bytes")
        waiting += [urldefrag(link)[0] for link in seen["links"] if not urlsplit(link).netloc]
    assert page.viewport_size == PHONE
    assert faults == [], "\n".join(faults)
    assert len(visited) >= FEWEST[name], sorted(visited)
