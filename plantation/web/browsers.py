"""What a reader calls the browser of a sign-in, from what the browser calls itself."""

from __future__ import annotations

# The first that is named counts: most browsers also call themselves Chrome, Safari or Linux.
_BROWSERS = (
    ("MicroMessenger/", "微信"), ("MiuiBrowser/", "Mi Browser"), ("HuaweiBrowser/", "Huawei Browser"), ("UCBrowser/", "UC Browser"),
    ("MQQBrowser/", "QQ Browser"), ("SamsungBrowser/", "Samsung Internet"), ("EdgA/", "Edge"), ("Edg/", "Edge"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
MOST = 40


def browser_name(agent: str) -> str:
    """Browser and system of a User-Agent header; of an unknown one its first letters.

    >>> browser_name("Mozilla/5.0 (Linux; Android 9; Redmi) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0 Mobile Safari/537.36")
    'Chrome · Android'
    >>> browser_name("curl/8.5.0"), browser_name(""), len(browser_name("x" * 300))
    ('curl/8.5.0', '–', 40)
    """
    named = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, named)) if all(named) else agent[:MOST] or "–"
