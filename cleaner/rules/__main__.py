"""Write the file of the shipped patterns' keys, which is to be done when a pattern has changed."""

from pathlib import Path

from cleaner.rules import keys, load_rules

if __name__ == "__main__":
    patterns = [pattern for rule in load_rules() for pattern in rule.patterns]
    Path(__file__).with_name(keys.FILE).write_text(keys.as_file(patterns), "utf-8")
