"""Those who take money for us: each speaks its own protocol, and all say the same things here."""
