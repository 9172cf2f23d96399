"""Expenses, bonuses and other changes of pay: one side asks, the other decides."""
