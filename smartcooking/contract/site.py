"""Paths of the client's site: the client's pages, and the paths that the service answers there.

Locally the service answers all of them; in AWS, CloudFront routes each to its origin.
"""

# Prefixes of paths that are not pages of the client: the API, the admin, files, and paths for machines.
_NOT_PAGES = ("v1(?:/|$)", "admin(?:/|$)", "static/", "assets/", "docs$", "health", "livez$")
# Paths of pages, without the leading slash, as a regular expression that Python and JavaScript interpret alike. A path
# with a dot is a file.
PAGE = rf"(?!{'|'.join(_NOT_PAGES)})[^.]+"
# Paths that the service answers on the client's site: for each caller, and the same for everybody.
ANSWERED = ("/v1/*",)
RENDERED = ("/r/*", "/sitemap.xml", "/robots.txt")
# Paths that the service answers only on its own site, to which browsers are redirected.
MOVED = r"^/(?:admin/.*|docs)$"
# The response to a program that requests the client's first page.
DESCRIPTION = {"name": "Smart Cooking", "schema": "/v1/schema", "docs": "/docs"}
