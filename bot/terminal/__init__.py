"""The bot in a terminal: cards as text, answers as lines, from a keyboard or a pipe."""
