"""What a plan changes in the schedule, and applying it group by group."""
