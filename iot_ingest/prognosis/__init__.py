"""Remaining life and failures foretold by trees: trained with the extra `train`, kept as JSON."""
