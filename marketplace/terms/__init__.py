"""What freelancers agree to before they are asked, version by version."""
