"""The search index of full names: one row per word of a name, folded."""

import re
from typing import Any

from apps.core import keys, queries, text
from apps.core.transactions import Transaction
from apps.users.models import NameWord

# Nobody searches for a name by more words, and each costs a row.
_MOST_WORDS = 8
_LONGEST_WORD = 30
_BETWEEN = re.compile(r"[\W_]+")
_JOINT = "."
# Half of all people have one of these, so a search reads by another word if there is one.
_COMMON = frozenset({
    "bui", "dang", "do", "duong", "ho", "hoang", "huynh", "le", "ly", "ngo", "nguyen", "pham", "phan", "thi", "tran",
    "van", "vo", "vu",
})  # fmt: skip


def words_of(name: str) -> list[str]:
    """Return the words of a name or query without case and diacritics: "Nguyễn Thị Lan" → nguyen, thi, lan."""
    return [word[:_LONGEST_WORD] for word in _BETWEEN.split(text.fold(name)) if word][:_MOST_WORDS]


def save(transaction: Transaction, user_id: str, name: str, *, before: str = "") -> None:
    """Add to `transaction` the words of a person's name, in place of those of the name `before`; 3 write units each."""
    words = words_of(name)
    for gone in dict.fromkeys(words_of(before)):
        if gone not in words:
            place = keys.name_word(user_id, gone)
            transaction.discard(NameWord(pk=place.pk, sk=place.sk))
    for word in dict.fromkeys(words):
        place, feed = keys.name_word(user_id, word), keys.name_words_feed(word, _JOINT.join(words), user_id)
        actions = [NameWord.user_id.set(user_id), NameWord.gsi1pk.set(feed.pk), NameWord.gsi1sk.set(feed.sk)]
        transaction.update(NameWord(pk=place.pk, sk=place.sk), actions)


def are_stored(user_id: str, name: str) -> bool:
    """Return whether a person is indexed by all words of this name; they are written together. Half a read unit."""
    words = words_of(name)
    if not words:
        return True
    stored = NameWord.read(keys.name_word(user_id, words[0]))
    return stored is not None and stored.gsi1sk == keys.name_words_feed(words[0], _JOINT.join(words), user_id).sk


def query_people(wanted: list[str], *, limit: int, after: Any) -> tuple[list[str], Any]:
    """Page through the ids of people who have a word with each of these prefixes.

    Half a read unit for about 40 people who match the rarest prefix.
    """
    anchor = max(wanted, key=lambda word: (word not in _COMMON, len(word)))
    feed = keys.name_words_feed(anchor, _JOINT, "-")

    def matches(row: NameWord) -> bool:
        word, name, _ = str(row.gsi1sk).split(keys.SEPARATOR)
        words = name.split(_JOINT)
        # A person with several words with this prefix is found by the first of them.
        first = min(one for one in words if one.startswith(anchor))
        return word == first and all(any(one.startswith(part) for one in words) for part in wanted)

    within = NameWord.gsi1sk.startswith(anchor)
    found = queries.query_page(NameWord.feeds, feed.pk, within=within, limit=limit, after=after, keep=matches)
    return [row.user_id for row in found.items], found.next
