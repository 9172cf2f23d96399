"""Disagreement about a payout: who says what, until when an answer is due, how it ended."""
