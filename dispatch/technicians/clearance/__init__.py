"""Whether somebody may be given work, and until when."""
