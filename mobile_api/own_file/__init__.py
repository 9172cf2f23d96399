"""What a person hands in about themselves: proofs, skills, rates, hours, consent."""
