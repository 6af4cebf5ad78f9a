"""Paths of the client's site: the client's pages, and what the service answers beside them.

Locally the service answers all of them; in AWS, CloudFront sends each where it belongs.
"""

# Beginnings of paths that are no page of the client: the interface, the admin, files, and what machines ask for.
_NOT_PAGES = ("v1(?:/|$)", "admin(?:/|$)", "static/", "assets/", "docs$", "health", "livez$")
# Paths of pages, without the leading slash, as a regular expression that Python and JavaScript read alike. What has a
# dot in it is a file.
PAGE = rf"(?!{'|'.join(_NOT_PAGES)})[^.]+"
# What the service answers on the client's site: for each caller, and the same for everybody.
ANSWERED = ("/v1/*",)
RENDERED = ("/r/*", "/sitemap.xml", "/robots.txt")
# What the service answers on its own site alone, to which browsers are sent.
MOVED = r"^/(?:admin/.*|docs)$"
# What a program is told that asks for the client's first page.
DESCRIPTION = {"name": "Smart Cooking", "schema": "/v1/schema", "docs": "/docs"}
