"""Predictions: trained models with their cards, and detectors that run on stored readings."""
