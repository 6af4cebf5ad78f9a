"""Synthetic posts and comments; the same number and seed give the same post."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.core import ids
from apps.posts.content import Reaction, Visibility
from apps.recipes.content import Language
from devtools.society import phrases, recipes, words
from devtools.society.friendships import Society
from devtools.society.recipes import Head

# Most posts are recent: about two in five are within the feed's 30 days.
_SPAN = timedelta(days=180)
# The age of the newest post at that moment.
NEWEST = timedelta(hours=1)
_ANSWERED_WITHIN = timedelta(days=3)
_VISIBILITIES = ((Visibility.PUBLIC, 50), (Visibility.FRIENDS, 40), (Visibility.PRIVATE, 10))
_REACTIONS = ((Reaction.LIKE, 70), (Reaction.LOVE, 22), (Reaction.WOW, 8))
_RECIPE_SHARE = 0.5
_STRANGER_SHARE = 0.15
_REPLY_SHARE = 0.3
_MOST_REACTIONS, _MOST_COMMENTS, _MOST_TO_COMMENT = 80, 25, 3
# Exponents of the power laws for the numbers of reactions and comments of a post.
_REACTED, _COMMENTED = 0.9, 1.1
# A prime larger than any society, so that active authors are not those with many friends.
_STRIDE = 1_000_003


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or with a `parent_id` a reply; people are given by their numbers."""

    id: str
    author: int
    content: str
    parent_id: str | None
    reactions: dict[int, Reaction]


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    author: int
    visibility: Visibility
    content: str
    recipe: Head | None
    title: str | None
    reactions: dict[int, Reaction]
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """The context of posts: the people, the recipes that they may show, and the moment up to which they have posted."""

    seed: int
    society: Society
    recipe_count: int
    until: datetime

    @property
    def size(self) -> int:
        return len(self.society.friends)


def post_id(setting: Setting, number: int) -> str:
    return ids.derived_id("demo-post", str(setting.seed), str(number), at=_posted_at(setting, number))


def post(setting: Setting, number: int) -> Post:
    chance = random.Random(f"{setting.seed}:post:{number}")  # noqa: S311  synthetic, not secret
    author = _author(chance, setting) if number else 0
    visibility = words.weighted(chance, _VISIBILITIES) if number else Visibility.PUBLIC
    language = words.weighted(chance, words.LANGUAGES)
    shown = _recipe(chance, setting)
    title = recipes.title(setting.seed, shown.number) if shown else None
    audience = _audience(chance, setting, author, visibility)
    return Post(
        id=post_id(setting, number),
        author=author,
        visibility=visibility,
        content=_content(chance, language, title),
        recipe=shown,
        title=title,
        reactions=_reactions(chance, audience, _many(chance, _REACTED, _MOST_REACTIONS)),
        comments=_comments(chance, setting, number, [author, *audience], language) if audience else (),
    )


def _posted_at(setting: Setting, number: int) -> datetime:
    """Return the time of a post; the first one is the newest, from which a later run finds `until` again."""
    chance = random.Random(f"{setting.seed}:posted:{number}")  # noqa: S311
    age = _SPAN * chance.random() ** 2 + timedelta(seconds=1) if number else timedelta()
    return setting.until - NEWEST - age


def _author(chance: random.Random, setting: Setting) -> int:
    """Choose an author: a few people write much and most little, independently of the number of their friends."""
    rank = int(setting.size * chance.random() ** 2)
    return rank * _STRIDE % setting.size


def _recipe(chance: random.Random, setting: Setting) -> Head | None:
    if setting.recipe_count == 0 or chance.random() >= _RECIPE_SHARE:
        return None
    return recipes.head(setting.seed, min(int(setting.recipe_count * chance.random() ** 2), setting.recipe_count - 1))


def _audience(chance: random.Random, setting: Setting, author: int, visibility: Visibility) -> list[int]:
    """Return who responds to a post, in random order: friends, and strangers if it is public."""
    if visibility == Visibility.PRIVATE:
        return []
    near = setting.society.friends[author]
    found = sorted(near)
    if visibility == Visibility.PUBLIC:
        wanted = int(len(found) * _STRANGER_SHARE) + 1
        drawn = {chance.randrange(setting.size) for _ in range(wanted)}
        found += sorted(drawn - near - {author})
    chance.shuffle(found)
    return found


def _content(chance: random.Random, language: Language, title: str | None) -> str:
    about = title or chance.choice(phrases.TOPICS[language])
    opening = chance.choice(phrases.OPENINGS[language]).format(a=about)
    text = f"{opening} {chance.choice(phrases.ENDINGS[language])}".strip()
    return text[0].upper() + text[1:]


def _many(chance: random.Random, exponent: float, most: int) -> int:
    """Return a random number of reactions or comments: mostly none or few, rarely many."""
    return min(most, int(chance.paretovariate(exponent)) - chance.choice((0, 1)))


def _reactions(chance: random.Random, audience: Sequence[int], count: int) -> dict[int, Reaction]:
    return {number: words.weighted(chance, _REACTIONS) for number in audience[:count]}


def _comments(
    chance: random.Random, setting: Setting, number: int, people: Sequence[int], language: Language
) -> tuple[Comment, ...]:
    """Return comments in order of time; replies go to earlier comments."""
    begin = _posted_at(setting, number)
    room = min(_ANSWERED_WITHIN, setting.until - begin)
    moments = sorted(begin + room * chance.random() ** 2 for _ in range(_many(chance, _COMMENTED, _MOST_COMMENTS)))
    found: list[Comment] = []
    for step, at in enumerate(moments):
        roots = [comment.id for comment in found if comment.parent_id is None]
        parent = chance.choice(roots) if roots and chance.random() < _REPLY_SHARE else None
        said = (phrases.REPLIES if parent else phrases.COMMENTS)[language]
        liking = chance.sample(people, min(len(people), _many(chance, 2.0, _MOST_TO_COMMENT)))
        found.append(
            Comment(
                id=ids.derived_id("demo-comment", str(setting.seed), str(number), str(step), at=at),
                author=chance.choice(people),
                content=chance.choice(said),
                parent_id=parent,
                reactions=_reactions(chance, liking, len(liking)),
            )
        )
    return tuple(found)
