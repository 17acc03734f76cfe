"""The face for Microsoft Teams: cards and forms as Adaptive Cards, activities as requests."""
