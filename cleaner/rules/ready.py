"""Once this is imported, the shipped rules are ready to be matched, with all of them enabled.

It is for the process that workers are forked from: they all have the tables then, and share the
memory. A run with other rules makes its own.
"""

from cleaner.rule import NO_RULES
from cleaner.rules.ruleset import ruleset_for

# The tables are made for the first line.
ruleset_for((), NO_RULES).match("line")
