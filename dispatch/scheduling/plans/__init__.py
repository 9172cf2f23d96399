"""Plans: asked for, solved elsewhere, checked, and applied group by group."""
