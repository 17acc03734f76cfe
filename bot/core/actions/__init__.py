"""Acts on cases, records and reminders: typed, pressed or sent off as a form."""
