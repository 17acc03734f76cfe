"""What must not be lost: decision records, cases, deadlines, pings, the audit trail. It holds data, not
rules."""
