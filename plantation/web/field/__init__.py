"""The weighing page for the field's edge: a shell without data, kept by the browser; the data comes over the API."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask_babel import force_locale, gettext

from plantation.errors import N_
from plantation.services.fruit.field_reference import SLIP_LANGUAGES
from plantation.web.languages import DEFAULT
from plantation.web.static_files import content_hash

field = Blueprint("field", __name__, url_prefix="/field")

MODULES = (
    "rules", "state", "store", "sync", "slips", "screen", "files", "paper", "qr", "day", "tools", "scale", "ports", "escpos", "printer", "scan", "photo", "worker",
)  # fmt: skip
SCRIPTS = ("field/app.js", *(f"field/{name}.js" for name in MODULES), "js/camera.js", "vendor/qr/decode.js")
# What the page begins with: named in its head, so that one need not be read to know of the next.
AT_ONCE = ("field/rules.js", "field/state.js", "field/store.js", "field/sync.js", "field/slips.js", "field/screen.js")
STYLES = ("css/tokens.css", "css/field.css")
TEXTS = {
    "age": N_("Data of {when}"),
    "bad_file": N_("This is no file of slips."),
    "bad_pattern": N_("There is no weight in this example."),
    "camera_busy": N_("Another program uses the camera. Close it, or type the code."),
    "camera_refused": N_("This page may not use the camera. Allow it in the browser's settings, or type the code."),
    "clock_ahead": N_("This phone's clock is {length} ahead. Set it right: slips carry its time."),
    "clock_behind": N_("This phone's clock is {length} behind. Set it right: slips carry its time."),
    "clock_sure": N_("Tap “Keep” once more if the clock is right."),
    "clock_unseen": N_("No signal for {length}, or this phone's clock is wrong: it says {now}."),
    "closed_differs": N_("This phone says {told} kg, the books say {recorded} kg; {count} slips differ:"),
    "closed_same": N_("This phone and the books say the same: {told} kg."),
    "closing_needs_signal": N_("Closing needs a signal. The totals above are this phone's own."),
    "days": N_("{count} days"),
    "differs": N_("weighs or says something else"),
    "erase": N_("Delete the last digit"),
    "head": N_("The journal's head: {head}"),
    "hours": N_("{count} hours"),
    "kept": N_("{slip}: {kg} kg, {household}. Kept."),
    "kg": N_("kg"),
    "minutes": N_("{count} minutes"),
    "mended": N_("{count} slips were missing in one of the two copies and were put back."),
    "missing_here": N_("on the phone, not in the books"),
    "no_camera": N_("There is no camera that can be used. Type the code."),
    "no_card": N_("No code was seen. The camera is off again."),
    "no_data": N_("No data yet: connect once."),
    "no_household_card": N_("This is no household's card."),
    "no_number": N_("number comes when it is sent"),
    "no_port": N_("It cannot be opened. Is it plugged in, and does no other program use it?"),
    "no_worker": N_("Without HTTPS this page cannot open with no signal. Ask your manager for the address that begins with https."),
    "no_worker_here": N_(
        "This browser does not keep this page, as in a private window: it cannot open with no signal, and closing the window may lose "
        "what waits. Save what waits as a file before."
    ),
    "none_waiting": N_("Everything is sent."),
    "no_room": N_(
        "This phone has no room to note what it sends, so nothing is sent. Delete photos or apps, then tap “Send now”; or save what waits as a file."
    ),
    "not_kept": N_("{household}, {kg} kg is NOT kept: this phone has no room. Write it down on paper."),
    "noted": N_("The office's computer took {count} slips and has something to say of them; see below."),
    "offline": N_("No signal. Slips are kept on this phone."),
    "online": N_("Connected."),
    "other_card": N_("This card of {code} is of another collective, “{collective}”."),
    "photo_kept": N_("The photo is kept with slip {slip}."),
    "photo_waits": N_("{count} photos wait."),
    "no_photo": N_("This is no picture."),
    "printer_gone": N_("The printer does not answer."),
    "printer_ready": N_("The printer is ready."),
    "read": N_("{count} slips read from the file."),
    "redated": N_("Dated {was} by a wrong clock; the day was corrected on the phone."),
    "refused": N_("{count} slips were refused by the office's computer; see below why. They stay on this phone."),
    "revoked": N_("This device's token is no longer valid. Save the slips as a file and bring it to the office."),
    "scale_gone": N_("The scale does not answer."),
    "scale_moves": N_("Scale: {kg} kg, not still yet"),
    "scale_stable": N_("Scale: {kg} kg"),
    "scale_unread": N_("The scale sends “{line}”, which is not like the example."),
    "skipped": N_("Numbers that carry no slip: {slips}"),
    "stop": N_("Stop"),
    "sure": N_("{kg} kg is much for one slip of this land. Tap “Keep” once more if it is right."),
    "taken_back": N_("Slip {slip} is taken back."),
    "today": N_("{count} slips today; {kg} kg wait."),
    "undone": N_("undone at the scale"),
    "unknown_card": N_("“{code}” is no household on this phone. A new one comes with the next signal."),
    "unknown_there": N_("in the books, not on this phone"),
    "waiting": N_("{count} slips wait on this phone, the first since {since}."),
    "waiting_held": N_("{count} slips wait on this phone ({holder}), the first since {since}."),
}
# What stands on a slip, in Chinese and in the household's language.
SLIP_WORDS = {
    "net": N_("Net weight"),
    "gross": N_("Gross"),
    "grade": N_("Grade"),
    "amount": N_("Amount"),
    "no_number": N_("number comes when it is sent"),
}


@field.get("/")
def page() -> str:
    words = {}
    for language in (DEFAULT, *SLIP_LANGUAGES):
        with force_locale(language):
            words[language] = {name: gettext(text) for name, text in SLIP_WORDS.items()}
    texts = {name: gettext(text) for name, text in TEXTS.items()}
    return render_template("field/page.html", texts=texts, slip_words=words, at_once=AT_ONCE)


@field.get("/sw.js")
def worker() -> Response:
    """The service worker; its name for the files changes when one of them does."""
    files = ["/field/", "/field/manifest.webmanifest"]
    files += [url_for("static", filename=name) for name in (*STYLES, "img/icon.svg", SCRIPTS[0])]
    files += [url_for("static", filename=name, v=None) for name in SCRIPTS[1:]]
    page_text = page()
    marks = [content_hash(current_app, name) or "" for name in (*SCRIPTS, *STYLES)]
    version = hashlib.sha256("".join([page_text, *marks]).encode()).hexdigest()[:12]
    answer = Response(render_template("field/sw.js", files=files, version=version), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@field.get("/manifest.webmanifest")
def manifest() -> Response:
    """What makes the page installable."""
    icon = {"src": url_for("static", filename="img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    answer = jsonify(
        id="/field/", name=gettext("Weighing"), short_name=gettext("Weighing"), start_url="/field/", scope="/field/",
        display="standalone", background_color="#fbfaf6", theme_color="#a94a06", icons=[icon],
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    return answer
