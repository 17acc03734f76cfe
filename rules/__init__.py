"""What the guidance says. Pure: no I/O, no clock, no settings."""
