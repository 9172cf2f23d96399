"""Storm mode: an incident with so many alerts that it is worked on as one."""
