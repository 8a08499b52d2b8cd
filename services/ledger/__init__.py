"""The accounts: reputation, payments and red packets, in double entry."""
