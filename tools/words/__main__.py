"""Every sentence that the bot can say, sorted, each with where it stands: to be read as its reader would.

`python -m tools.words` prints them; with words after it those alone that hold all of them. They are the
texts in the code of `bot` and `rules` that are written for people: of two words or more, with `…` where a
value goes.
"""

from __future__ import annotations

import sys

from tools.words.sentences import sentences


def main() -> int:
    wanted = [word.lower() for word in sys.argv[1:]]
    for text, where in sentences():
        if all(word in text.lower() for word in wanted):
            print(f"{text}    [{', '.join(where)}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
