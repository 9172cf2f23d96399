"""What a freelancer earns, as the phone shows it."""
