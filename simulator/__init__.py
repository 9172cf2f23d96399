"""An imaginary city that uses the product as customers, technicians and devices do."""
