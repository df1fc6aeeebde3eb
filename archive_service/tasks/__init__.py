"""Work that an entry point starts: it opens transactions, calls one action each, and talks to the stores between them."""
