"""HTTP resources of recipes, ratings and favorites."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields, http, language
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH, list_of
from apps.recipes import authoring, favorites, ratings, rendering, serializers, services, tagging, tags
from apps.recipes import cooks as cooked
from apps.recipes.recipe import Recipe
from apps.recipes.tag_rules import Tag
from apps.search.index import SearchQuery, Sort
from apps.users.client_address import client_address

RecipeList = list_of(serializers.RecipeCardOut)
RatingList = list_of(serializers.RatingOut)
CookList = list_of(serializers.CookOut)


class Recipes(Endpoint):
    @extend_schema(parameters=[serializers.RecipeQuery], responses=serializers.RecipeSearchOut)
    def get(self, request: Request) -> Response:
        """Search the catalogue: approved recipes, at most five seconds old."""
        page, query = api.read_page(request, "recipes", serializers.RecipeQuery)
        found = []

        def read(*, limit: int, after: Any) -> tuple[list[Recipe], Any]:
            found.append(services.search_catalogue(_search_query(query), limit=limit, after=after))
            return found[-1].recipes, found[-1].next

        response = api.page_of(page, read, rendering.render_card)
        response.data["did_you_mean"] = found[-1].did_you_mean
        return response

    @extend_schema(request=serializers.RecipeIn, responses={201: serializers.RecipeOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a recipe. It is private and pending until good ratings or a moderator approve it."""
        body = api.read_body(request, serializers.RecipeIn)
        content = serializers.to_content(body, language=language.current.get())
        recipe = authoring.create_recipe(
            recipe_id=request.new_id,  # type: ignore[attr-defined]
            content=content,
            image=body.get("image"),
            actor=self.actor,
        )
        headers = {"Location": f"/v1/recipes/{recipe.id}", "ETag": http.etag(recipe.tag)}
        return Response(rendering.render_recipe(recipe), status=201, headers=headers)


class RecipeDetail(Endpoint):
    @extend_schema(parameters=[serializers.RecipeDetailQuery], responses=serializers.RecipeOut)
    def get(self, request: Request, recipe_id: str) -> Response:
        """Read a recipe, with quantities for `servings` if given.

        Its owner gets their latest edition, even while the approved one stays in the catalogue.
        """
        query = api.read_query(request, serializers.RecipeDetailQuery)
        recipe = services.get_recipe(recipe_id, actor=self.actor, approved=query.get("edition") == "approved")
        servings = query.get("servings")
        document = rendering.render_scaled(recipe, servings) if servings else rendering.render_recipe(recipe)
        return Response(document, headers={"ETag": http.etag(recipe.tag)})

    @extend_schema(request=serializers.RecipeIn, responses=serializers.RecipeOut, parameters=[IF_MATCH])
    def patch(self, request: Request, recipe_id: str) -> Response:
        """Change fields of your own recipe.

        Changing the text or picture of an approved recipe makes a new edition: title, description, cuisine, tags,
        ingredients, steps or image. It waits for a moderator while the approved one stays in the catalogue with its
        ratings. Of a recipe that is not approved, it resets the ratings.
        """
        changes = api.read_body(request, serializers.RecipeIn, partial=True)
        check = http.version_check(request)
        recipe = authoring.edit_recipe(recipe_id, actor=self.actor, changes=changes, check=check)
        return Response(rendering.render_recipe(recipe), headers={"ETag": http.etag(recipe.tag)})

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, recipe_id: str) -> Response:
        """Delete your own recipe."""
        authoring.delete_recipe(recipe_id, actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class NewEdition(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, recipe_id: str) -> Response:
        """Withdraw the new edition of your recipe that waits for approval; the approved one stays."""
        authoring.withdraw_edition(recipe_id, actor=self.actor)
        return Response(status=204)


class OwnRecipes(Endpoint):
    @extend_schema(parameters=[serializers.OwnRecipesQuery], responses=RecipeList)
    def get(self, request: Request) -> Response:
        """List your own recipes, newest first; with `q`, those whose titles contain its words."""
        page, query = api.read_page(request, "own-recipes", serializers.OwnRecipesQuery)
        language = query.get("language")
        read = partial(services.list_own_recipes, actor=self.actor, q=query.get("q", ""), language=language)
        return api.page_of(page, read, rendering.render_card)


class RecipeFavorite(Endpoint):
    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, recipe_id: str) -> Response:
        """Add a recipe to your favorites."""
        favorites.add(recipe_id, actor=self.actor)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, recipe_id: str) -> Response:
        """Remove a recipe from your favorites."""
        favorites.remove(recipe_id, actor=self.actor)
        return Response(status=204)


class Favorites(Endpoint):
    @extend_schema(parameters=[serializers.FavoritesQuery], responses=RecipeList)
    def get(self, request: Request) -> Response:
        """List your favorites, newest recipes first, or with `sort=added` latest additions first."""
        page, query = api.read_page(request, "favorites", serializers.FavoritesQuery)
        if query.get("recipe"):
            read = partial(favorites.list_among, query["recipe"], actor=self.actor)
        else:
            read = partial(favorites.list_favorites, actor=self.actor)
        by_added, language = query.get("sort") == "added", query.get("language")
        return api.page_of(page, partial(read, by_added=by_added, language=language), rendering.render_card)


class RecipeRating(Endpoint):
    @extend_schema(request=serializers.RatingIn, responses=serializers.RatedOut)
    def put(self, request: Request, recipe_id: str) -> Response:
        """Rate a recipe that you can see and haven't written, or change your rating."""
        body = api.read_body(request, serializers.RatingIn)
        rated = ratings.rate_recipe(
            recipe_id=recipe_id,
            actor=self.actor,
            stars=body["stars"],
            comment=body.get("comment") or None,
            address=client_address(request),
        )
        return Response(serializers.render_rated(rated))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, recipe_id: str) -> Response:
        """Delete your rating."""
        ratings.delete_rating(recipe_id=recipe_id, actor=self.actor)
        return Response(status=204)


class RecipeRatings(Endpoint):
    @extend_schema(parameters=[serializers.RatingsQuery], responses=RatingList)
    def get(self, request: Request, recipe_id: str) -> Response:
        """List the ratings of a recipe, latest first; with `mine`, your own."""
        page, query = api.read_page(request, f"ratings:{recipe_id}", serializers.RatingsQuery)
        list_page = ratings.list_own_rating if query.get("mine") else ratings.list_ratings
        read = partial(list_page, recipe_id=recipe_id, actor=self.actor)
        return api.page_of(page, read, serializers.render_rating)


class RecipeFriends(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=CookList)
    def get(self, request: Request, recipe_id: str) -> Response:
        """List your friends who cooked a recipe, as far as their privacy settings show it."""
        page, _ = api.read_page(request, f"recipe-friends:{recipe_id}")
        read = partial(cooked.list_friends_who_cooked, recipe_id, actor=self.actor)
        return api.page_of(page, read, serializers.render_cook)


class Tags(Endpoint):
    @extend_schema(responses=serializers.KnownTagsOut)
    def get(self, request: Request) -> Response:
        """List the tags that recipes can have and that searches can filter by."""
        return Response({"items": [{"name": name, "kind": kind} for name, kind in tags.vocabulary().items()]})


class RecipeTags(Endpoint):
    @extend_schema(responses=serializers.TagsOut)
    def get(self, request: Request, recipe_id: str) -> Response:
        """Read the tags of a recipe, as determined by rules and corrected by people."""
        return _respond_tags(tagging.get_tags(recipe_id, actor=self.actor))

    @extend_schema(request=serializers.TagsIn, responses=serializers.TagsOut)
    def put(self, request: Request, recipe_id: str) -> Response:
        """Set the tags of a recipe, as its owner or a moderator. No rule overrides them."""
        names = api.read_body(request, serializers.TagsIn)["tags"]
        return _respond_tags(tagging.set_tags(recipe_id, names, actor=self.actor))


def _respond_tags(found: Sequence[Tag]) -> Response:
    return Response({"tags": [asdict(tag) for tag in found]})


def _search_query(query: dict[str, Any]) -> SearchQuery:
    """Convert the URL's parameters to a query of the index."""
    return SearchQuery(
        q=query.get("q", ""),
        ingredient_ids=frozenset(query.get("ingredient", ())),
        cuisine=query.get("cuisine"),
        method=query.get("method"),
        meal=query.get("meal"),
        difficulty=query.get("difficulty"),
        max_minutes=query.get("max_minutes"),
        diets=frozenset(query.get("diet", ())),
        without_allergens=frozenset(query.get("without_allergen", ())),
        without_ingredients=services.expand_kinds(query.get("without_ingredient", ())),
        language=query.get("language"),
        labels=frozenset(query.get("tag", ())),
        sort=Sort(query["sort"]) if "sort" in query else None,
    )
