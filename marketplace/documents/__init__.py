"""Papers that people hand in: receipts, certificates, policies."""
