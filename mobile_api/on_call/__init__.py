"""Duty and call-outs on the phone of whoever has them."""
