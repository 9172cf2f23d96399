"""Forecasts: what trained models say of assets, learned from and scored on stored readings."""
