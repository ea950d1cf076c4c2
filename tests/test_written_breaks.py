"""Line breaks that stand as entities in a text count as lines before the repair makes them so."""

import pytest

from cleaner import Config
from cleaner.errors import RecordError
from cleaner.stages.extract import check_lines

CONFIG = Config(max_lines=1000)


@pytest.mark.parametrize(
    "entity", ["&#10;", "&#13;", "&#10", "&#0010;", "&#11;", "&#xA;", "&#X00d;", "&NewLine;"]
)
def test_breaks_are_counted_however_they_are_written(entity):
    check_lines([[f"x{entity}y" * 999]], CONFIG)
    with pytest.raises(RecordError, match="more than 1000 lines"):
        check_lines([[f"x{entity}y" * 1001]], CONFIG)


def test_breaks_of_several_kinds_are_counted_together():
    with pytest.raises(RecordError, match="more than 1000 lines"):
        check_lines([["x&#10;" * 600], ["x&#xa;" * 600]], CONFIG)


@pytest.mark.parametrize(
    "entity", ["&#105;", "&#130;", "&#xab;", "&#xDf;", "&#1;", "&#9;", "&amp;"]
)
def test_entities_for_other_characters_are_no_breaks(entity):
    check_lines([[f"x{entity}y" * 5000]], CONFIG)
