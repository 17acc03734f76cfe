"""Every word, button and form with another organisation's ids: what is tried, and what came of it."""
