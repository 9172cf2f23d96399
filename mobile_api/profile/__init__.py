"""What a freelancer says about themselves on the phone."""
