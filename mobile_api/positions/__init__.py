"""Where a technician on duty is, as the phone reports it."""
