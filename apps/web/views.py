"""The client's pages, public recipes for visitors who are not signed in, and files for search engines."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views import View

from apps.core import language
from apps.web import public_recipes
from smartcooking.contract import page_headers, site

# Seconds for which CloudFront caches a public recipe, and for which a withdrawn one may still be shown.
RECIPE_SECONDS = 60
# The same for its picture, which is larger and fetched by each of CloudFront's edge locations.
PICTURE_SECONDS = 300
INDEX = "index.html"
_SITEMAP = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


@cache
def _client_page() -> bytes | None:
    path = Path(settings.WEB_ROOT) / INDEX
    return path.read_bytes() if path.is_file() else None


def _with_page_headers(response: HttpResponse) -> HttpResponse:
    pictures = (settings.MEDIA_BASE_URL,) if settings.MEDIA_BASE_URL else ()
    for name, value in page_headers.of_pages(storage=_storage_origin(), pictures=pictures).items():
        response[name] = value
    return response


def _storage_origin() -> str:
    if settings.AWS_ENDPOINT_URL:
        return "{0.scheme}://{0.netloc}".format(urlsplit(settings.AWS_ENDPOINT_URL))
    return page_headers.storage_origin(settings.IMAGES_BUCKET, settings.AWS_REGION)


class Client(View):
    """The client's single page, at every path that the client may route. Programs are told where the API is."""

    # The name of all these paths in metrics and logs.
    route = "pages"

    def get(self, request: HttpRequest, path: str = "") -> HttpResponseBase:
        page = _client_page() if _wants_page(request) else None
        if page is None:
            if path:
                raise Http404
            return JsonResponse(site.DESCRIPTION)
        response = HttpResponse(page, content_type="text/html; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return _with_page_headers(response)


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")


class PublicRecipe(View):
    """A public recipe as a page with title, picture and schema.org data; 404 once it is no longer public."""

    def get(self, request: HttpRequest, recipe_id: str) -> HttpResponse:
        recipe = public_recipes.find_page(recipe_id)
        if recipe is None:
            return _with_page_headers(
                render(request, "web/not_found.html", {"lang": language.current.get()}, status=404)
            )
        url = f"{settings.FRONTEND_URL}/r/{recipe_id}"
        context = {"recipe": recipe, "url": url, "data": _embedded(public_recipes.structured_data(recipe, url))}
        response = _with_page_headers(render(request, "web/recipe.html", context))
        # The page doesn't depend on who asks: everybody gets the copy that CloudFront caches.
        response["Content-Language"] = recipe.content.language.value
        response["Cache-Control"] = f"public, max-age={RECIPE_SECONDS}"
        return response


class RecipePicture(View):
    """The picture of a public recipe, cacheable by the CDN; 404 once the recipe is no longer public."""

    def get(self, request: HttpRequest, recipe_id: str, version: str, size: int) -> HttpResponse:
        content = public_recipes.read_picture(recipe_id, version, size)
        if content is None:
            raise Http404
        return HttpResponse(
            content, content_type="image/webp", headers={"Cache-Control": f"public, max-age={PICTURE_SECONDS}"}
        )


def _embedded(data: dict[str, object]) -> str:
    """Return JSON that can't close the script element around it."""
    text = orjson.dumps(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class Sitemap(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        """List the URLs of all public recipes, up to the limit of a sitemap."""
        addresses = (f"{settings.FRONTEND_URL}/r/{recipe_id}" for recipe_id in public_recipes.list_ids())
        lines = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
        body = f"{_SITEMAP}{lines}</urlset>"
        response = HttpResponse(body, content_type="application/xml")
        response["Cache-Control"] = "public, max-age=3600"
        return response


class Robots(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        body = f"User-agent: *\nAllow: /r/\nDisallow: /v1/\nSitemap: {settings.FRONTEND_URL}/sitemap.xml\n"
        response = HttpResponse(body, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "public, max-age=3600"
        return response
