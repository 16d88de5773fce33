"""What an operator sets for this installation; every name can be set as PLANTATION_<NAME> in the environment too.

This file is read by path (from the current folder, or from PLANTATION_CONFIG) and is never part of the package.
"""

# A long random text; without one the server refuses to start (only `plantation demo` makes its own).
# SECRET_KEY = "…"

# postgresql+psycopg://user:password@host/name, or sqlite:////path/to/plantation.db (default: instance/plantation.db).
# DATABASE_URL = "…"

# Names under which the site is reached; any other Host header is refused.
# TRUSTED_HOSTS = ["plantation.example.org"]

# How many reverse proxies stand in front; their X-Forwarded-* headers are believed, no more than that many.
# PROXY_COUNT = 1

# True when the site is served over HTTPS: cookies are then Secure and carry the __Host- prefix, HSTS is sent.
# HTTPS = True

# Background map tiles, off by default: maps draw from our own vectors and need no other server.
# TILES_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
# TILES_SHIFTED = True   # the tiles are GCJ-02, as Chinese web maps are
