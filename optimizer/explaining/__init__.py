"""What an explanation is made of: candidates, obstacles, relaxations, and their prices."""
