"""Which foods a line names: the head noun of its phrases decides, never an adjective before a comma."""

from collections.abc import Sequence
from dataclasses import replace

from apps.ingredients import grammar_table, quantities
from apps.ingredients.grammar_table import Words
from apps.ingredients.head_nouns import LONGEST_NAME, Heads
from apps.ingredients.inner_amounts import parted
from apps.ingredients.lines import Language, ParsedLine, Phrase, phrase_of
from apps.ingredients.noun_phrases import (
    AND,
    OR,
    UNKNOWN,
    Known,
    are_notes,
    are_only_notes,
    end_of_modifiers,
    is_named_after_part,
    is_unit,
    length_of_note,
    singular_of,
)
from apps.ingredients.phrase_foods import Food, Phrases
from apps.ingredients.quantities import NO_AMOUNT, Amount
from apps.ingredients.readings import is_better
from apps.ingredients.shared_amounts import SharedAmount
from apps.ingredients.tokens import word_of

# After these, whatever follows is an example.
_EXAMPLES = frozenset({"such", "like", "including", "e.g", "eg", "i", "như", "ví"})
_SUCH_AS = ("such", "as")
# Between these, foods are listed.
_LISTING = frozenset({",", ";", ":"})
# So many words behind a comma may belong to the name.
_CLOSER_WORDS = 2
# A Vietnamese name of a kind that nobody knows has so many syllables.
_FEWEST_OF_KIND, _MOST_OF_KIND = 2, 3
# So many words of a phrase that is not understood may stand before a name in it.
_STARTS = 3
# Counts animals: a whole one is meant.
_ANIMAL = "con"
# Nobody can mean anything else.
_EXACT = 1.0


class Namer:
    """Finds the foods of parsed lines."""

    def __init__(self, heads: Heads) -> None:
        self._heads, self._phrases = heads, Phrases(heads)

    def foods(self, line: ParsedLine) -> list[Food]:
        """Return the foods of a line in their order; nothing where the head of the line is no known name."""
        for language in _languages(line):
            found = self._in_phrases(line, language)
            if any(food.known is not UNKNOWN for food in found):
                return found
        return []

    def cores(self, line: ParsedLine) -> list[tuple[str, Amount]]:
        """Return what is left of the first phrase that says more than states, for whoever looks for misspelt names."""
        for phrase in (*line.phrases, *line.asides):
            cores: dict[str, Amount] = {}
            if phrase.starts[-1][0] == phrase.end:
                continue
            for language in _languages(line):
                for start, amount in phrase.starts:
                    words = phrase.words[start : phrase.end]
                    for core in (words, self._core(words, grammar_table.words(language))):
                        if not AND.isdisjoint(core) or not OR.isdisjoint(core):
                            continue
                        if core and any(word[0].isalpha() for word in core):
                            cores[" ".join(core)] = amount
            if cores:
                return list(cores.items())
        return []

    def _core(self, words: Sequence[str], table: Words) -> Sequence[str]:
        start, end = end_of_modifiers(words, table), len(words)
        language: Language = "en" if "of" in table.fillers else "vi"
        for place in range(start + 1, len(words)):
            if are_notes(words[place:], table, language):
                end = place
                break
        return words[start:end]

    def _in_phrases(self, line: ParsedLine, language: Language) -> list[Food]:
        table = grammar_table.words(language)
        foods: list[Food] = []
        before: tuple[str, ...] = ()
        amount = NO_AMOUNT
        is_example = False
        shared = SharedAmount(table)
        phrases = [*parted(line.phrases, lambda words: self._name_of(words, language), self._heads.are_related)]
        for place, phrase in enumerate(phrases):
            if foods:
                is_example = is_example or not _EXAMPLES.isdisjoint(phrase.words)
                known_before = len(foods)
                foods = _noted(foods, phrase) if is_example else self._add(foods, phrase, language)
                foods = shared.handed_out(foods, phrase, known_before)
                continue
            found = self._in_phrase(_past_and(phrase) if before else phrase, language)
            if found and self._describes_next(phrases[place : place + 2], language):
                found = []
            if found:
                said = replace(found[0], preparation=(*before, *found[0].preparation))
                foods = [said if said.amount != NO_AMOUNT else replace(said, amount=amount), *found[1:]]
                foods = _with_further(foods, phrase)
                foods = shared.handed_out(foods, phrase, 0)
            elif self._says_nothing(phrase, table):
                shared.handed_out((), phrase, 0)
                amount = phrase.starts[-1][1] if amount == NO_AMOUNT else amount
                before = (*before, " ".join(phrase.words[phrase.starts[-1][0] : phrase.end]))
            elif unknown := self._unknown_before(phrases[place:], language):
                foods = [unknown]
            elif place + 1 < len(phrases) and phrases[place + 1].before == ":":
                # A heading of somebody's own: "Bánh flan: 3 trứng".
                before = ()
            else:
                break
        asides = line.asides
        if (not foods and line.phrases and len(line.phrases[0].words) <= LONGEST_NAME) or line.heading:
            asides, foods = self._from_asides(asides, foods, language)
        is_example = False
        is_outside = asides == line.asides
        for place, aside in enumerate(asides if foods else ()):
            is_example = (is_example and aside.before != "(") or not _EXAMPLES.isdisjoint(aside.words)
            # "(green, red & yellow)" says what there is of it; only a bracket with one phrase names it closer.
            is_listed = aside.before != "(" or any(after.before != "(" for after in asides[place + 1 : place + 2])
            is_note = is_example or (is_outside and is_listed and aside.words[0] not in OR)
            known_before = len(foods)
            foods = _noted(foods, aside) if is_note else self._add(foods, aside, language)
            foods = shared.handed_out(foods, aside, known_before)
        return foods

    def _unknown_before(self, phrases: Sequence[Phrase], language: Language) -> Food | None:
        """Return a counted food that nobody knows, where others are counted behind it."""
        (start, amount), words = phrases[0].starts[-1], phrases[0].words[: phrases[0].end]
        if not phrases[0].is_counted or not any(later.is_counted for later in phrases[1:]):
            return None
        is_named = self._is_unknown(words[start:], amount, language)
        return Food(UNKNOWN, " ".join(words[start:]), amount) if is_named else None

    def _from_asides(
        self, asides: tuple[Phrase, ...], foods: list[Food], language: Language
    ) -> tuple[tuple[Phrase, ...], list[Food]]:
        """Take what stands in brackets for the name where nothing before it is one: "EVOO (extra virgin olive oil)"."""
        if foods:
            return asides, foods
        for place, aside in enumerate(asides):
            table = grammar_table.words(language)
            is_example = aside.words[:2] == _SUCH_AS and len(aside.words) > len(_SUCH_AS)
            if is_example:
                aside = phrase_of(aside.words[2:], aside.capitals[2:], aside.before)  # noqa: PLW2901  what it names
            if table.links.end(aside.words, 0) or aside.words[0] in OR:
                continue
            found = self._in_phrase(aside, language)
            if found and not found[0].unknown:
                if not is_example:
                    return asides[place + 1 :], found
                return (), self._among(found, asides[place + 1 :], language)
            if not self._says_nothing(aside, table):
                break
        return asides, []

    def _among(self, foods: list[Food], asides: Sequence[Phrase], language: Language) -> list[Food]:
        """Return examples of a food that has no name of its own, one of which is taken: "(such as penne, shells)"."""
        for aside in asides:
            words = aside.words[1:] if aside.words[0] in OR else aside.words
            if aside.before == "," and words:
                phrase = phrase_of(words, aside.capitals[-len(words) :], ",")
                foods = [*foods, *(food for food in self._in_phrase(phrase, language) if not food.unknown)]
        return [foods[0], *(replace(food, joined="or") for food in foods[1:])]

    def _describes_next(self, phrases: Sequence[Phrase], language: Language) -> bool:
        """Say whether a phrase is an adjective before a comma, though it names a food too: "crisp, sweet apples"."""
        if len(phrases) == 1 or language != "en" or phrases[1].before != ",":
            return False
        words = phrases[0].words[phrases[0].starts[-1][0] : phrases[0].end]
        table = grammar_table.words(language)
        return end_of_modifiers(words, table) == len(words) and bool(self._in_phrase(phrases[1], language))

    def _says_nothing(self, phrase: Phrase, table: Words) -> bool:
        words = phrase.words[phrase.starts[-1][0] : phrase.end]
        return not words or end_of_modifiers(words, table) == len(words) or bool(length_of_note(words, table))

    def _add(self, foods: list[Food], phrase: Phrase, language: Language) -> list[Food]:
        """Add what a further phrase says: a closer name, another food, an alternative, or what to do with it."""
        said = self._said_of_last(foods, phrase, language)
        return [*foods[:-1], said] if said else self._with_others(foods, phrase, language)

    def _said_of_last(self, foods: list[Food], phrase: Phrase, language: Language) -> Food | None:
        """Return the last food with its amount, "cà chua: 2 quả", or with a closer name, if a phrase says either."""
        last, words = foods[-1], phrase.words[phrase.starts[-1][0] : phrase.end]
        counted = quantities.first_of(phrase.words) if last.amount == NO_AMOUNT else None
        if counted:
            last = replace(last, amount=counted)
            return last if quantities.whole(phrase.words) else _noted([last], phrase)[0]
        meant = self._narrowed(last, words, language) if phrase.before == "(" else None
        if meant or len(foods) > 1 or phrase.before not in {",", "("}:
            return meant
        return self._closer(last, words, language, grammar_table.words(language))

    def _with_others(self, foods: list[Food], phrase: Phrase, language: Language) -> list[Food]:
        last, table = foods[-1], grammar_table.words(language)
        start, amount = self._start_of(phrase, language)
        words = phrase.words[start : phrase.end]
        joined = "or" if words and words[0] in OR else "and"
        rest, is_counted = words, phrase.is_counted
        if words and words[0] in AND | OR:
            found, start = quantities.amounts_at(words, 1)
            rest = words[start if found else 1 :]
            if found:
                amount, is_counted = found[0][0], found[0][0].quantity is not None
        is_listed = joined == "or" or phrase.before in ({*_LISTING, "-", "."} if is_counted else _LISTING)
        is_listed = is_listed or (phrase.before == "." and self._is_name(rest, language))
        if not rest or not is_listed or self._is_note(rest, phrase, table, is_counted=is_counted):
            return _noted(foods, phrase)
        others = self._phrases.read(rest, amount, language, is_further=True)
        others = [
            each
            for each in others
            if is_counted or not (_is_same(each, last) or self._is_part(each, last, rest, phrase, language))
        ]
        if others:
            return [*foods, replace(others[0], joined=joined), *others[1:]]
        if is_counted and phrase.before != "(" and self._is_unknown(rest, amount, language):
            name = " ".join(rest[end_of_modifiers(rest, table) :])
            return [*foods, Food(UNKNOWN, name, amount, joined=joined)]
        if phrase.before == "," and language == "vi" and self._is_left_open(rest, table, is_counted=is_counted):
            return [*foods, Food(UNKNOWN, " ".join(rest), amount, joined=joined)]
        return _noted(foods, phrase)

    def _is_name(self, words: Sequence[str], language: Language) -> bool:
        """Say whether words are a name and nothing else: "Dầu ăn" of "hành, tỏi. Dầu ăn"."""
        known = self._heads.look_up(" ".join(words), language)
        return known is not None and known.confidence == _EXACT

    def _is_left_open(self, words: Sequence[str], table: Words, *, is_counted: bool) -> bool:
        """Say whether a phrase of a Vietnamese list names something, though it is not understood: never drop that."""
        core = words[end_of_modifiers(words, table) :]
        if any(self._heads.begins_with_name(core[start:]) for start in range(min(len(core), _STARTS))):
            return True
        return not is_counted and self._is_bare_unknown(words, table)

    def _is_bare_unknown(self, words: Sequence[str], table: Words) -> bool:
        """Say whether a short phrase of a list names a kind that nobody knows and nothing done to it: "chả thịt"."""
        if not _FEWEST_OF_KIND <= len(words) <= _MOST_OF_KIND or not self._heads.may_change(words[0]):
            return False
        notes = (table.preparations, table.states, table.links, table.notes, table.before, table.changers)
        return all(
            word.isalpha() and word_of(word).is_syllable and all(part.end(words, n) == n for part in notes)
            for n, word in enumerate(words)
        )

    def _start_of(self, phrase: Phrase, language: Language) -> tuple[int, Amount]:
        """Return where the name of a further food begins, with its amount: a counter may belong to it, "bắp cải"."""
        if len(phrase.starts) == 1 or language == "en":
            return phrase.starts[-1]
        start, amount = phrase.starts[-2]
        keeps = self._heads.keeps_counter(phrase.words[start : phrase.end], language)
        return (start, amount) if keeps else phrase.starts[-1]

    def _is_unknown(self, words: Sequence[str], amount: Amount, language: Language) -> bool:
        """Say whether measured words name something, though nobody knows it: "1 cup zorbleberries"."""
        table = grammar_table.words(language)
        core = self._core(words, table) if amount.unit else ()
        return bool(core) and not are_notes(core, table, language) and not any(
            not word[0].isalpha() or word in table.parts or word in table.part_nouns or is_unit(word)
            or word in table.equipment for word in core
        )  # fmt: skip

    def _name_of(self, words: Sequence[str], language: Language) -> Known | None:
        """Return what words mean that are a name, with nothing around it but what may stand there."""
        found = self._phrases.read(words, NO_AMOUNT, language)
        if not found or any(food.unknown or _is_of_name(food, words) for food in found):
            return None
        return found[0].known

    def _is_note(self, words: Sequence[str], phrase: Phrase, table: Words, *, is_counted: bool) -> bool:
        if phrase.before == "(" and words[0] not in OR and phrase.words[0] not in OR:
            return True
        if table.links.end(words, 0) or table.notes.end(words, 0):
            return True
        return not is_counted and are_only_notes(words, table) and not self._heads.look_up(" ".join(words), None)

    def _is_part(self, food: Food, last: Food, words: Sequence[str], phrase: Phrase, language: Language) -> bool:
        """Say whether what stands behind a comma is about the food before: "leeks, white part", "eggs, beaten"."""
        if food.unknown and not _ends(food, words):
            return True
        if language == "vi" or (words is not phrase.words and phrase.words[0] in OR):
            return False
        name, table = food.name.split(), grammar_table.words("en")
        is_bare = len(words) == 1 or not AND.isdisjoint(words)
        if is_bare and len(name) == 1 and _is_staple(food.known):
            # "salt, oil"
            return False
        if name[-1] in table.part_nouns and all(word in table.before or word in table.states for word in name[:-1]):
            return True
        is_whole = (len(name) == len(words) or phrase.has_amount or food.joined) and not food.unknown
        return not is_whole and self._heads.are_related(food.known, last.known)

    def _narrowed(self, food: Food, words: Sequence[str], language: Language) -> Food | None:
        """Return the food that a bracket says is meant by a name of several: "bạc hà (dọc mùng)"."""
        said = self._heads.look_up(" ".join(words), language) if len(food.known.ingredients) > 1 else None
        meant = [one for one in food.known.ingredients if said and said.ingredients == (one,)]
        return replace(food, known=Known((meant[0],), _EXACT), name=" ".join(words)) if meant else None

    def _closer(self, food: Food, words: Sequence[str], language: Language, table: Words) -> Food | None:
        """Return the food that a name and the words behind the comma make: "sugar, brown", "eggs, yolks only"."""
        kept = [word for word in words if word not in table.fillers and word != "only"]
        if not kept or len(kept) > _CLOSER_WORDS or all(word in table.cuts for word in kept):
            return None
        said = " ".join(kept)
        other = self._heads.look_up(said, language)
        if other and (kept[-1] not in grammar_table.words("en").part_nouns or _is_staple(other)):
            # "garlic, oil, pepper"
            return None
        for name in (f"{said} {food.name}", f"{food.name} {said}", f"{singular_of(food.name)} {said}"):
            known = self._heads.look_up(name, language)
            if known and known.ingredients != food.known.ingredients and known.confidence == 1:
                return replace(food, known=known, name=name)
        return None

    def _in_phrase(self, phrase: Phrase, language: Language) -> list[Food]:
        """Return the foods of a phrase, its amount taken off as little as makes a name of the rest."""
        table = grammar_table.words(language)
        best: list[Food] = []
        for start, amount in phrase.starts:
            words = phrase.words[start : phrase.end]
            found = self._phrases.read(words, amount, language)
            counted = phrase.words[start - 1] if start else ""
            if counted in table.leaves and not all(is_named_after_part(counted, food.known, table) for food in found):
                continue
            if found and (not best or is_better(found, best)):
                best = found
        return self._whole_animal(best, phrase, language) or best

    def _whole_animal(self, foods: Sequence[Food], phrase: Phrase, language: Language) -> list[Food]:
        """Read "gà 1 con" as "1 con gà", where that names the animal and not its meat."""
        if language != "vi" or len(foods) != 1 or phrase.words[-1] != _ANIMAL or phrase.end == len(phrase.words):
            return []
        food, name = foods[0], f"{_ANIMAL} {foods[0].name}"
        known = self._heads.look_up(name, "vi")
        if known is None or known.ingredients == food.known.ingredients:
            return []
        return [replace(food, known=known, name=name, amount=replace(food.amount, unit=None))]


def _past_and(phrase: Phrase) -> Phrase:
    """Return a phrase without the "and" of "peeled, cored, and chopped apples", which joins what is done to them."""
    if phrase.words[0] not in AND or len(phrase.words) == 1:
        return phrase
    return phrase_of(phrase.words[1:], phrase.capitals[1:], phrase.before)


def _languages(line: ParsedLine) -> Sequence[Language]:
    """Return the languages to read a line in: English words stand in Vietnamese recipes more than the reverse."""
    return (line.language,) if line.language else ("vi", "en")


def _with_further(foods: list[Food], phrase: Phrase) -> list[Food]:
    """Add the only food of a phrase again with each amount that no unit adds to its own: "1 can + 2 tbsp"."""
    if len(foods) != 1:
        return foods
    return [*foods, *(replace(foods[0], amount=more, joined="and") for more in phrase.further)]


def _noted(foods: Sequence[Food], phrase: Phrase) -> list[Food]:
    """Add a phrase to what is said of the last food."""
    last = foods[-1]
    return [*foods[:-1], replace(last, preparation=(*last.preparation, *_text(phrase)))]


def _is_same(food: Food, other: Food) -> bool:
    return food.known.ingredients == other.known.ingredients


def _is_staple(known: Known) -> bool:
    return all(one.staple for one in known.ingredients)


def _ends(food: Food, words: Sequence[str]) -> bool:
    """Say whether a name ends a phrase: what nobody knows stands before it, as brands and origins do."""
    name = food.name.split()
    return list(words[-len(name) :]) == name and len(food.unknown) < len(words) - len(name) + 1


def _is_of_name(food: Food, words: Sequence[str]) -> bool:
    """Say whether a number stands beside the name: "00" of "type 00 flour" is no amount."""
    return any(part[:1].isdigit() for part in food.preparation) or words[0][0].isdigit()


def _text(phrase: Phrase) -> tuple[str, ...]:
    return (" ".join(phrase.words),) if phrase.words else ()
