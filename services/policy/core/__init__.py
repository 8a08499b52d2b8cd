"""The judge's pure core: no I/O, no clock, no chance. Same book, state and event: same answer."""
