"""The program begins here, by its name and as `python -m cleaner`."""

import sys

from cleaner.interruption import end_on_requests

INTERRUPTED = 130


def main() -> None:
    """Run the command line. Interrupted while it still loads its libraries, it ends with a line."""
    try:
        end_on_requests()
        from cleaner.cli import main as command_line
    except KeyboardInterrupt:
        sys.stderr.write("cleaner: interrupted\n")
        sys.exit(INTERRUPTED)
    command_line()


if __name__ == "__main__":
    main()
