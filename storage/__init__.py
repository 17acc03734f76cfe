"""What must not be lost. Knows data, not rules."""
