"""Lines that are boilerplate by what they stand beside once all other boilerplate is gone.

"WhatsApp", "Email", "Print", one below the other; names over the name of a paper. They are asked
last, and of what is left alone, so that asking again of the result would take nothing more. What
has gone may speak for taking a line, never against it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

import re2

from cleaner.document import MarkedParagraph
from cleaner.rule import Risk, RulePlace
from cleaner.rules import ContextRule, Rule, RuleSet
from cleaner.rules.matcher import CASELESS
from cleaner.rules.shipped import load_terms
from cleaner.stages.place import HEAD
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

SHORTEST_RUN = 3
"""Lines of a run, counting those that other rules have taken."""
BYLINE = "byline."
"""How the ids of such rules begin."""
MOST_LINES = 4
"""Lines left beside the headline. More are a list, or verse."""
NAMED = ("author", "sitename")
"""Metadata that a line may say again."""
LONGEST_OUTLET = 6
"""Words."""
FEWEST, MOST = 2, 4
"""Words of a name, without particles."""
PARTICLES = frozenset(
    {"de", "del", "della", "di", "da", "do", "dos", "du", "van", "von", "der", "den", "la", "le"}
    | {"al", "el", "bin"}
)
BETWEEN_NAMES = re.compile(r",| (?:and|&|und|et|y|e|en|i) ")
HEADING_WORDS = frozenset({"part", "chapter", "step", "act", "scene", "book", "mr.", "mrs.", "the"})
"""Words that begin a line of capitals that is no name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document."""

    given: Mapping[str, Any]
    """Metadata that came with it."""
    told: Mapping[str, Any]
    """Metadata that its own lines tell, its headline as its title."""

    def key(self, name: str) -> str:
        """The letters and digits of what is known by a name; nothing if nothing is."""
        return letters_and_digits(str(self.given.get(name) or self.told.get(name) or ""))


def in_company(
    paragraphs: Sequence[MarkedParagraph],
    known: Known,
    rules: RuleSet,
    longest: int,
    *,
    risky: bool,
) -> Mapping[int, str]:
    """The lines to take, each with the id of its rule.

    Args:
        paragraphs: of one document, with everything marked that is known to go.
        known: its metadata.
        rules: those that may have placed the paragraphs.
        longest: words of a line that may be taken. One that is compared with other documents must
            not be, as a copy may lean on it.
        risky: whether rules of high risk act here.

    """
    left = [at for at, one in enumerate(paragraphs) if one.mark is None]
    first = next((at for at in left if _is_prose(paragraphs[at])), len(paragraphs))
    last = next((at for at in reversed(left) if _is_prose(paragraphs[at])), -1)

    def is_short(at: int) -> bool:
        return count_words(paragraphs[at].text) <= longest

    edges = [at for at in left if (at < first or at > last) and is_short(at)]
    taken = dict(_in_runs(paragraphs, edges, rules, risky=risky))
    if first <= last and risky and rules.enables(ContextRule.BYLINE_IN_HEAD):
        above = [at for at in edges if at < first]
        title = known.key("title") if above else ""
        head = [at for at in above if letters_and_digits(paragraphs[at].text) != title]
        below = left[left.index(first) + 1 :][:2]
        below_prose = filter(is_short, _below(paragraphs, below, rules))
        names = {*_names(paragraphs, head, left, known), *below_prose}
        taken |= dict.fromkeys(names, ContextRule.BYLINE_IN_HEAD.value)
    return taken


def _is_prose(paragraph: MarkedParagraph) -> bool:
    return paragraph.placed_rule is None and is_prose(paragraph.text)


def _in_runs(
    paragraphs: Sequence[MarkedParagraph], edges: Sequence[int], rules: RuleSet, *, risky: bool
) -> Iterator[tuple[int, str]]:
    """The lines that a rule for runs fits, where enough such or marked lines follow one another.

    Only above the first prose or below the last: between prose they may be a list that is told of.
    """
    # Few lines need to be read: most have too few beside them, whatever these may be.
    tried = list(_standing_together(paragraphs, edges))
    if not tried:
        return
    readings = rules.read([paragraphs[at].text for at in tried])
    fitting = {
        at: rule
        for at, reading in zip(tried, readings, strict=True)
        if (rule := _run_rule(reading.rules, risky=risky))
    }
    yield from ((at, fitting[at]) for at in _standing_together(paragraphs, fitting))


def _standing_together(
    paragraphs: Sequence[MarkedParagraph], chosen: Collection[int]
) -> Iterator[int]:
    """Those of some lines that stand in a run of lines, each one of them or marked."""
    among = frozenset(chosen)

    def is_member(at: int) -> bool:
        return at in among or paragraphs[at].mark is not None

    for together, group in groupby(range(len(paragraphs)) if among else (), key=is_member):
        run = list(group)
        if together and len(run) >= SHORTEST_RUN:
            yield from (at for at in run if at in among)


def _run_rule(found: Sequence[Rule], *, risky: bool) -> str | None:
    for rule in found:
        if rule.place is RulePlace.RUN and (risky or rule.risk is Risk.LOW):
            return rule.id
    return None


def _names(
    paragraphs: Sequence[MarkedParagraph],
    head: Sequence[int],
    left: Sequence[int],
    known: Known,
) -> Iterator[int]:
    """Lines above the first prose that are names, by the metadata or by what is below them."""
    if not head or len(head) > MOST_LINES:
        return
    said = {known.key(name) for name in NAMED} - {""}
    for at in head:
        key = letters_and_digits(paragraphs[at].text)
        # A name that comes again is a speaker's.
        is_said = key in said and _stands_once(key, paragraphs, left)
        if is_said or (_is_byline(paragraphs[at + 1]) and are_names(paragraphs[at].text)):
            yield at
    heads = set(head)
    pairs = [
        (at, below)
        for at, below in pairwise(left)
        if {at, below} <= heads and _are_names_over_outlet(paragraphs, at, below)
    ]
    if len(pairs) == 1 and _may_be_author(paragraphs[pairs[0][0]].text, known.given):
        yield from pairs[0]


def _stands_once(key: str, paragraphs: Sequence[MarkedParagraph], left: Sequence[int]) -> bool:
    return [letters_and_digits(paragraphs[at].text) for at in left].count(key) == 1


def _below(
    paragraphs: Sequence[MarkedParagraph], below: Sequence[int], rules: RuleSet
) -> Iterator[int]:
    """Names right below the first prose, a standfirst, and above a line for the head: the day."""
    placed = paragraphs[below[1]].placed_rule if len(below) > 1 else None
    is_byline = placed and placed.startswith(BYLINE) and rules[placed].place in HEAD
    if is_byline and are_names(paragraphs[below[0]].text):
        yield below[0]


def _is_byline(paragraph: MarkedParagraph) -> bool:
    rule = (paragraph.mark.rule or "") if paragraph.mark else ""
    return rule.startswith(BYLINE) and rule != ContextRule.BYLINE_IN_HEAD


def _are_names_over_outlet(paragraphs: Sequence[MarkedParagraph], at: int, below: int) -> bool:
    outlet = paragraphs[below].text
    is_outlet = count_words(outlet) <= LONGEST_OUTLET and _outlet().fullmatch(outlet) is not None
    return is_outlet and are_names(paragraphs[at].text)


@cache
def _outlet() -> re2._Regexp:
    return re2.compile(load_terms()["outlet"], CASELESS)


def _may_be_author(names: str, given: Mapping[str, Any]) -> bool:
    """Whether names share a word with the author, where the record has one.

    What a byline has told does not count against a line: the text alone would not know it.
    """
    author = str(given.get("author") or "").casefold()
    return not author or any(word in author for word in names.casefold().split())


def are_names(text: str) -> bool:
    """Whether a line could be names: of two to four words each, that begin with capitals."""
    words = text.split()
    return (
        len(words) > 1
        and words[0][:1].isupper()
        and not ends_like_a_sentence(text)
        and words[0].casefold() not in HEADING_WORDS
        and all(_is_name(part.split()) for part in BETWEEN_NAMES.split(text) if part.strip())
    )


def _is_name(words: Sequence[str]) -> bool:
    capitals = sum(word[:1].isupper() for word in words)
    others = (word for word in words if not word[:1].isupper())
    return FEWEST <= capitals <= MOST and words[0][:1].isupper() and PARTICLES.issuperset(others)
