"""The schedule in the words of the optimizer."""
