"""The sign-in page, and signing out."""

from __future__ import annotations

from flask import Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from plantation.errors import Refusal
from plantation.forms.sign_in import CodeForm, SignInForm
from plantation.services.people.second_factors import CodeWrong
from plantation.web import kept, navigation
from plantation.web import sign_in as browser_side
from plantation.web.errors import status_of
from plantation.web.guard import ACCOUNT, is_safe_next, recognise
from plantation.web.public import public
from plantation.web.refusals import attach, say


@public.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> AnyResponse | tuple[str, int] | str:
    """One form for all; the collective is asked for only where there are several."""
    if g.signed_in is not None and request.method == "GET":
        return redirect(navigation.home_url())
    form = kept.sign_in_form()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
        form.name.data = request.args.get("name", "")[:64]  # the QR code on a household's card carries it
        if "collective" in form:
            form.collective.data = request.args.get("collective", "")[:64]
        return render_template("public/sign_in.html", form=form)
    status = 422
    if form.validate():
        collective = form.collective.data if "collective" in form else None
        try:
            browser = browser_side.sign_in(collective, form.name.data, form.secret.data)
        except browser_side.CodeAsked:
            target = form.next.data if is_safe_next(form.next.data) else ""
            if not form.kept.data:
                return redirect(url_for("public.prove", next=target))
            g.pop(kept.TOKEN, None)  # the session is new, and so is its token
            return render_template("public/prove.html", form=CodeForm(formdata=None, next=target, kept=form.kept.data))
        except Refusal as refusal:
            status = status_of(refusal)
            attach(form, refusal)
        else:
            return browser_side.remember_browser(_onward(form), browser)
    return render_template("public/sign_in.html", form=form), status


@public.route("/sign-in/code", methods=["GET", "POST"])
def prove() -> AnyResponse | tuple[str, int] | str:
    """The second step for who has an authenticator."""
    if browser_side.knocked() is None:
        return redirect(url_for("public.sign_in"))
    form = CodeForm()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
        return render_template("public/prove.html", form=form)
    status = 422
    if form.validate():
        try:
            browser = browser_side.prove(form.code.data)
        except browser_side.KnockedTooLongAgo as refusal:
            flash(say(refusal), "refused")
            return redirect(url_for("public.sign_in"))
        except Refusal as refusal:
            status = status_of(refusal)
            attach(form, refusal, "code" if isinstance(refusal, CodeWrong) else "")
        else:
            return browser_side.remember_browser(_onward(form), browser)
    return render_template("public/prove.html", form=form), status


def _onward(form: SignInForm | CodeForm) -> AnyResponse:
    """To what was typed before the sign-in, where something was; else to the page that was asked for, or to the first one."""
    waits = kept.read_kept(form.kept.data, session.get(ACCOUNT))
    if waits is not None:
        recognise()
        return kept.offer(waits)
    return redirect(form.next.data if is_safe_next(form.next.data) else url_for("public.arrive"))


@public.get("/arrive")
def arrive() -> AnyResponse:
    """To the first page of whoever has just signed in."""
    return redirect(navigation.home_url())


@public.post("/sign-out")
def sign_out() -> Response:
    """Ends the sign-in on the server; what the browser kept of the pages is cleared where it can be told to."""
    browser_side.sign_out(g.signed_in.name if g.signed_in else None)
    flash(gettext("You are signed out."), "done")
    response = redirect(url_for("public.home"))
    if current_app.config["HTTPS"]:
        response.headers["Clear-Site-Data"] = '"cache"'  # not "storage": unsent weighings wait there
    return response
