"""Commands to devices: asked for, sent until answered, or expired."""
