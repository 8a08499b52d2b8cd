"""The edge: what the platforms say comes in as events, what was decided goes out as acts."""
