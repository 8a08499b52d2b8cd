"""One package for each platform: the wire on one side, our words on the other."""
