"""Work that an entry point starts: transactions, one action each, and the stores between them."""
