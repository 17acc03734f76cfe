"""What a person is told in one line instead of what they asked for."""

from __future__ import annotations


class Refused(Exception):
    """One line that may be shown: what is wrong and what is wanted. `about` names the input of a form that
    it is about, where there is one."""

    def __init__(self, line: str, *, about: str = "") -> None:
        super().__init__(line)
        self.about = about
