"""Jobs near each other, offered as one route: all or none."""
