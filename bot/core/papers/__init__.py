"""The papers of a case or a record: what is in each, from what is kept, and a gap where nobody told."""
