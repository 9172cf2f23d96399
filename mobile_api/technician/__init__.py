"""The technician's and freelancer's phone: day, moves, duty, position, offers."""
