"""Pages for everybody: the front page, signing in and out, the language, checking a slip, the health check."""

from flask import Blueprint

public = Blueprint("public", __name__)

from plantation.web.public import home, languages, lots, notices, own_account, price_sheets, sign_in, slips, texts, trust, weights  # noqa: E402, F401
