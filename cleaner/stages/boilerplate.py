"""Mark boilerplate: by what a line says, by the block it shares, by the page's own title."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from cleaner.config import Config
from cleaner.document import (
    Cut,
    Mark,
    MarkedDocument,
    MarkedParagraph,
    Paragraph,
    Reason,
    SplitDocument,
)
from cleaner.rule import Risk
from cleaner.rules import UNKNOWN, ContextRule, Reading, Rule, RulePlace, RuleSet, ruleset_for
from cleaner.stages.galleries import doubled_captions, gallery_captions
from cleaner.stages.head_lines import head_lines
from cleaner.stages.headers import lines_below_headers
from cleaner.stages.inline import cut_inline
from cleaner.stages.labels import below_labels
from cleaner.stages.link_lines import lines_that_are_links
from cleaner.stages.news import has_news_signs
from cleaner.stages.place import mark_by_place
from cleaner.words import count_words, ends_like_a_sentence, is_prose, letters_and_digits

LONGEST_CAPTION = 30
"""Words. Longer lines beside a credit are text."""
LARGEST_CAPTION_BLOCK = 5
"""Lines. A caption stands with few others; a larger block is a text whose lines follow closely."""
LARGEST_PAIR = 3
"""Lines of a block that is a picture's caption and credit, and perhaps its alternative text."""

TITLE_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", " · ", " » ")

WHOLE = frozenset(RulePlace) - {RulePlace.BLOCK, RulePlace.RUN}
"""Places of rules that may take a whole line, out of which then nothing is cut."""

PLACED = frozenset({RulePlace.HEAD, RulePlace.TAIL, RulePlace.EDGES})

Matches = Sequence[tuple[Rule, ...]]
Told = Callable[[Sequence[MarkedParagraph]], Iterable[tuple[int, str]]]
"""The lines to take, and by which rule, given what has been marked before."""


def read_lines(documents: Sequence[SplitDocument], config: Config) -> list[Sequence[Reading]]:
    """What the rules make of the lines of each document.

    Of many documents at once it costs half as much: the tables stay in the processor's cache.
    """
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    texts = [paragraph.text for document in documents for paragraph in document.paragraphs]
    readings = iter(rules.read(texts))
    return [list(islice(readings, len(document.paragraphs))) for document in documents]


def mark_boilerplate(
    document: SplitDocument, config: Config, readings: Sequence[Reading] | None = None
) -> MarkedDocument:
    """Mark every paragraph that is boilerplate. Nothing is removed, nothing changes place.

    Args:
        document: a document.
        config: the options.
        readings: what `read_lines` made of its lines, if they were read before.

    """
    rules = ruleset_for(config.disabled_rules, config.own_rules)
    marked, matches = _by_own_words(document, readings or read_lines([document], config)[0], rules)
    risky = _risky_rules_act(document, matches, config)
    if not risky:
        rules = rules.without_risky_context()
        matches = [tuple(one for one in found if _may_act(one)) for found in matches]
        marked = [
            _marked(one.text, found, one.cuts) for one, found in zip(marked, matches, strict=True)
        ]
    for told in _context(document, matches, rules):
        for position, rule in list(told(marked)):
            marked[position] = marked[position]._replace(mark=Mark(Reason.BOILERPLATE, rule))
    return MarkedDocument(
        id=document.id,
        source=document.source,
        paragraphs=mark_by_place(marked, rules, risky=risky),
        metadata=document.metadata,
        risky=risky,
        repaired=document.repaired,
    )


def _context(document: SplitDocument, matches: Matches, rules: RuleSet) -> Iterator[Told]:
    """What tells boilerplate by what stands around it, in the order in which it is asked."""
    blocks = [paragraph.block for paragraph in document.paragraphs]
    yield lambda marked: _by_block(document, marked, matches, rules)
    yield lambda _: ((at, ContextRule.PAGE_TITLE) for at in _title_repeats(document, rules))
    yield lambda marked: below_labels(marked, rules)
    yield lambda marked: head_lines(marked, _titles(document), rules)
    yield lambda marked: lines_that_are_links(marked, document.links, rules)
    yield lambda marked: gallery_captions(marked, rules)
    yield lambda marked: lines_below_headers(marked, rules)
    yield lambda marked: doubled_captions(marked, blocks, rules)


def _risky_rules_act(document: SplitDocument, matches: Matches, config: Config) -> bool:
    if config.risky_rules == "news":
        return has_news_signs(document.metadata, matches)
    return config.risky_rules == "always"


def _may_act(rule: Rule) -> bool:
    """Whether a rule may act where those of high risk do not.

    Lines that one has placed keep that mark all the same: they must not take part in the search
    only because what told the news from other documents is gone.
    """
    return rule.risk is Risk.LOW or rule.place in PLACED


def _by_own_words(
    document: SplitDocument, readings: Sequence[Reading], rules: RuleSet
) -> tuple[list[MarkedParagraph], Matches]:
    """Each paragraph with what its words say, and the rules that fit what is left of it."""
    marked: list[MarkedParagraph] = []
    matches: list[tuple[Rule, ...]] = []
    for paragraph, reading in zip(document.paragraphs, readings, strict=True):
        text = paragraph.text
        if reading is UNKNOWN:  # most are
            marked.append(MarkedParagraph(text))
            matches.append(())
            continue
        cuts: tuple[Cut, ...] = ()
        found = reading.rules
        if reading.may_be_cut and not any(rule.place in WHOLE for rule in found):
            text, cuts = cut_inline(text, rules)
            found = rules.match(text) if cuts else found
        marked.append(_marked(text, found, cuts))
        matches.append(found)
    return marked, matches


def _marked(text: str, found: tuple[Rule, ...], cuts: tuple[Cut, ...]) -> MarkedParagraph:
    """The first rule that holds anywhere decides; failing that, the surest that has a place."""
    if not found:
        return MarkedParagraph(text, None, None, cuts)
    for rule in found:
        if rule.place is RulePlace.ANYWHERE:
            return MarkedParagraph(text, Mark(Reason.BOILERPLATE, rule.id), None, cuts)
    placed = sorted(
        (rule for rule in found if rule.place in PLACED), key=lambda rule: rule.risk is Risk.HIGH
    )
    return MarkedParagraph(text, None, placed[0].id if placed else None, cuts)


def _by_block(
    document: SplitDocument,
    marked: Sequence[MarkedParagraph],
    matches: Matches,
    rules: RuleSet,
) -> Iterator[tuple[int, str]]:
    """Captions and unlabelled credits: short lines of a block that holds an ad or a credit."""
    for block in _caption_blocks(document.paragraphs):
        unlisted = dict(_credits_by_caption(block, marked, matches))
        yield from unlisted.items()
        evidence = {_category(marked[position]) for position in block}
        beside_credit = bool(unlisted) or "photo_credit" in evidence
        if not (beside_credit or "ad_marker" in evidence):
            continue
        rule = ContextRule.CAPTION_BESIDE_CREDIT if beside_credit else ContextRule.CAPTION_BESIDE_AD
        if not rules.enables(rule):
            continue
        others = [p for p in block if p not in unlisted and _is_unexplained(marked[p])]
        sentences_too = beside_credit and len(block) <= LARGEST_PAIR
        if all(_may_be_caption(marked[p].text, sentences_too=sentences_too) for p in others):
            # The first line of all is the headline, whatever picture follows it.
            yield from ((position, rule) for position in others if position > 0)


def _caption_blocks(paragraphs: Sequence[Paragraph]) -> Iterator[range]:
    """The positions of each block that is small enough for a caption's, and no single line."""
    first = 0
    for size in Counter([paragraph.block for paragraph in paragraphs]).values():
        if 1 < size <= LARGEST_CAPTION_BLOCK:
            yield range(first, first + size)
        first += size


def _credits_by_caption(
    block: Sequence[int], marked: Sequence[MarkedParagraph], matches: Matches
) -> Iterator[tuple[int, str]]:
    """Lines shaped like a credit, of a source that no list knows, below a caption."""
    for before, position in pairwise(block):
        shaped = next((rule for rule in matches[position] if rule.place is RulePlace.BLOCK), None)
        above = marked[before].text
        if shaped and marked[position].mark is None and not ends_like_a_sentence(above):
            yield position, shaped.id


def _category(paragraph: MarkedParagraph) -> str | None:
    rule = paragraph.mark.rule if paragraph.mark else None
    return rule.partition(".")[0] if rule else None


def _is_unexplained(paragraph: MarkedParagraph) -> bool:
    return paragraph.mark is None and paragraph.placed_rule is None


def _may_be_caption(text: str, *, sentences_too: bool) -> bool:
    """Short enough, and without the full stop of a sentence unless sentences count too."""
    if count_words(text) > LONGEST_CAPTION:
        return False
    return sentences_too or not ends_like_a_sentence(text)


def _titles(document: SplitDocument) -> tuple[str, ...]:
    """What the page or the record says is the title."""
    title = document.metadata.get("title")
    return (*document.page_titles, *([title] if isinstance(title, str) else []))


def _title_repeats(document: SplitDocument, rules: RuleSet) -> Iterator[int]:
    """Lines before the first prose that say the HTML page's title again."""
    if not document.page_titles or not rules.enables(ContextRule.PAGE_TITLE):
        return
    titles = set(map(letters_and_digits, document.page_titles))
    for title in document.page_titles:
        for separator in TITLE_SEPARATORS:
            titles.add(letters_and_digits(title.rpartition(separator)[0]))
            titles.add(letters_and_digits(title.partition(separator)[0]))
    titles.discard("")
    for position, paragraph in enumerate(document.paragraphs):
        if letters_and_digits(paragraph.text) in titles:
            yield position
        elif is_prose(paragraph.text):
            return
