"""The second back end, a PostgreSQL server. The verbs and their SQL are `storage`'s; what differs is here."""
