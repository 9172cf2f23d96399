"""Payout runs and the transfers they are made of: money on its way to people's banks."""
