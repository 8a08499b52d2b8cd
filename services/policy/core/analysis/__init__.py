"""What can be said of a rulebook before it judges anybody. Pure, as all of the core."""
