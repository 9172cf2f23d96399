"""What freelancers' answers, and what they do not answer, leave for the office to do."""
