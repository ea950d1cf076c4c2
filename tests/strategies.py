"""Generated documents: prose, boilerplate, near-copies, odd characters, in several files."""

from hypothesis import settings
from hypothesis import strategies as st

a_run_each = settings(max_examples=max(settings.default.max_examples // 2, 1))
"""For properties of which each example is one run or more, with all its files."""

SENTENCES = [
    "The harbour of Port Alder opened to ships again on Monday morning, nine days after it.",
    "The harbour of Port Alder opened to ships again on Tuesday morning, nine days after it.",
    "Harbour master Ada Lindqvist gave the signal at six o’clock and asked to be left alone.",
    "Harbour master Ada Lindqvist gave the signal at seven o'clock and asked to be left alone!",
    "Nach neun Tagen Stillstand dürfen im Hafen von Lindenau seit Montag wieder Schiffe anlegen.",
    "港町の図書館で十四年間働いてきた灰色の猫が引退し、六十人が集まって式典が開かれた。",
    "The CafÃ© on the north quay has been open for eleven years, and no one asked about coffee.",
    "Engineers will inspect the piles until Thursday & report to all &amp; to the public.",
]
PARTS = [
    "Advertisement",
    "ADVERTISEMENT ",
    " Advertisement",
    " READ MORE: Ferry turns back in the storm",
    " [INSIGHT]",
    "[VIDEO] ",
    " (Photo: Nils Brandt)",
    "Getty Images",
    " Click here to read more.",
    " Sign up for our newsletter here.",
]
"""What stands before or after a sentence in one line with it."""
LINES = [
    "Article continues below advertisement",
    "Advertisement",
    "Boats outside the harbour mouth",
    "Tom Reyes / Getty Images",
    "Dana Whitlock / Alder Town Archive",
    "Twitter: @harbour_cat",
    "By Mira Okafor",
    "By Mira Okafor on March 4, 2024",
    "March 4, 2024",
    "Home / Local News / Harbour",
    "Tags: harbour, storm",
    "Comments",
    "Leave a Reply",
    "What happens next?",
    "No.",
    "- ",
    "* * *",
    "Harbour Reopens After Nine Days",
    "Photo: Nils Brandt",
    "Tom Reyes is a staff writer at The Harbour Post.",
    "Read more: Ferry turns back",
    "Related stories",
    "Share this article",
    "Reply",
    "2 days ago",
    "Sign up for our daily newsletter",
    "Boats outside the harbour mouth Nils Brandt / Northlight",
    "A short line",
    "Image 1 of 8",
    "WhatsApp",
    "Email",
    "Print",
    "Tom Reyes",
    "By Tom Reyes",
    "The Alder Post",
    "White House",
    "By",
    "Photo:",
]
ODD = st.text(
    alphabet="ab .,<>&;#xé’\xa0\x85\u2028\r\t\u200b\x00Ã©â€™漢、ﬁ\u0301-/:@",
    min_size=1,
    max_size=20,
)
crowded = st.lists(st.sampled_from(SENTENCES + PARTS + PARTS), min_size=2, max_size=5).map("".join)
line = st.one_of(st.sampled_from(SENTENCES), st.sampled_from(LINES), ODD, crowded)
text = st.lists(st.tuples(line, st.sampled_from(["\n", "\n\n", "\r\n"])), max_size=9).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
)
metadata = st.dictionaries(
    st.sampled_from(["url", "title", "author", "date", "section", "source", "metadata"]),
    st.one_of(st.text(max_size=8), st.integers(), st.none(), st.lists(st.booleans(), max_size=2)),
    max_size=3,
)
html = st.lists(st.tuples(st.sampled_from(["p", "h2", "li", "td", "div"]), line), max_size=6).map(
    lambda parts: "".join(f"<{tag}>{words}</{tag}>" for tag, words in parts)
)
page = st.builds(
    lambda title, body: f"<html><head><title>{title}</title></head><body>{body}</body></html>",
    st.sampled_from(LINES),
    html,
)
body = st.one_of(
    text.map(lambda made: {"text": made}),
    st.one_of(html, page).map(lambda made: {"html": made}),
)
row = st.builds(
    lambda body, extra, name: {**body, **extra, **({"id": name} if name else {})},
    body,
    metadata,
    st.one_of(st.none(), st.sampled_from(["a", "b", "b#2", "c/../d", "é\n"])),
)
bad_row = st.sampled_from(["{", "[1]", "null", '"text"', '{"text": 3}', '{"body": "x"}', "{}"])
"""Lines of a JSONL file that hold no document."""

corpus = st.fixed_dictionaries(
    {
        "texts": st.lists(text, max_size=4),
        "rows": st.lists(st.one_of(row, bad_row), max_size=6),
    }
)
