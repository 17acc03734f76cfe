"""Every incident in one list: what is looked for in it, what is alike, and how it goes over time."""
