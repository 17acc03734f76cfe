"""When somebody is reminded, where, and the sending of it."""
