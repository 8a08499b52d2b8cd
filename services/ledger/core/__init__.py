"""What the ledger decides, without a clock, a database or a random number of its own."""
