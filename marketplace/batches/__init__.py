"""In a surge, requests are collected for some minutes and matched with people together."""
