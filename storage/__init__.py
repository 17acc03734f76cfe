"""What must not be lost: decision records, cases, deadlines, pings, the audit trail. It holds data, not
rules.

What the rest of the project needs of it:

- `storage.store.Store`: every verb, the tenant first; a write is one transaction with its row in the audit
  trail.
- `storage.sqlite.open_store(path)`: a `Store` on one SQLite file, its schema brought up to date. Raises
  `storage.errors.CannotOpen`.
- `storage.errors.StoreError`: all that can go wrong, each in one line that may be shown.
- `storage.model.Record`: one revision of a decision record (2026-0001), with its `Assessment`: facts and
  verdict as JSON.
- `storage.model.Case`: a case (C26-0001) as its latest step left it: state, owner, discovery, records.
- `storage.model.Deadline`: `due_on` is a UK calendar date, `due_at` the same at the local hour, in UTC.
- `storage.plans.Also`: what is to happen in the same transaction: deadlines, pings, posts, a draft's end.
- `storage.plans.Outgoing`: a message as it waits, is claimed under a lease, was sent, or was given up.
- `storage.masking.text(given)`: the text without patients' numbers, as all is kept that people write;
  `storage.identifiers` finds them.
- `storage.verify.problems(sql, now)`: where the file does not agree with its own audit trail, a line each.
"""
