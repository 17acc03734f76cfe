"""The conversation: commands, forms, cards, cases, pings. Knows no platform."""
