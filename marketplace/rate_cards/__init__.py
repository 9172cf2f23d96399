"""What a freelancer asks for: by the hour, for the way, by skill, and at least for a visit."""
