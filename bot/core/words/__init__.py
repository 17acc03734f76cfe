"""How facts, verdicts, cases and deadlines are said."""
