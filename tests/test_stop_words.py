"""Of the stop words no second set is made, and lists that others give justext are read as ever."""

from unittest.mock import patch

from justext import core
from trafilatura import external

from cleaner.stages.stop_words import load_stop_words


def test_justext_takes_our_words_as_they_are_and_lowers_those_of_others():
    with (
        patch.object(external, "JT_STOPLIST", None),
        patch.object(core, "define_stoplist", core.define_stoplist),
    ):
        load_stop_words()
        ours = external.JT_STOPLIST
        assert core.define_stoplist(ours) is ours
        assert core.define_stoplist(frozenset({"The", "DER"})) == {"the", "der"}
        assert {word.lower() for word in ours} == ours
