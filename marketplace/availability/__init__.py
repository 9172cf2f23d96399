"""The hours of a week in which a freelancer wants to be asked, and how many they have left."""
