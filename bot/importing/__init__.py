"""Incidents out of other systems' files, by a mapping that says what each column is. Nothing is guessed."""
