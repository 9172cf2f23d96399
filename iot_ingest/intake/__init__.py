"""Intake: the pipeline from a message of a device to stored readings and alerts."""
