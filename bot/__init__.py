"""The bot: one conversation, told by several faces."""
