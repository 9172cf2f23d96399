"""Who is working on a work order or visit right now."""
