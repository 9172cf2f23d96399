"""The double-entry ledger: where every cent comes from and where it went."""
