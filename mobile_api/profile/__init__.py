"""A person's own profile: proofs, skills, rates, hours, consent, whom one works for, appeals."""
