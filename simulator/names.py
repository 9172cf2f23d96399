"""Invented people and real street names."""

FIRST = (
    "Anna Mehmet Julia Lukas Sofia Jonas Leyla Paul Emma Tim Nina Karl Fatima Felix Clara David "
    "Ida Moritz Sara Ben Elif Anton Greta Hugo Mila Oskar Lena Emil Amira Max Helena Noah"
).split()
LAST = (
    "Schmidt Yilmaz Weber Fischer Nowak Becker Hoffmann Koch Richter Klein Wolf Neumann Schwarz "
    "Zimmermann Braun Krueger Hartmann Lange Werner Kaya Krause Lehmann Maier Huber Kaiser Fuchs "
    "Peters Scholz Vogel Jung Hahn Keller Frank Berger Winkler Roth Beck Lorenz Baumann"
).split()
STREETS = (
    "Kantstrasse Torstrasse Sonnenallee Bergmannstrasse Oranienstrasse Kastanienallee "
    "Schoenhauser Allee|Warschauer Strasse|Karl-Marx-Allee|Wilmersdorfer Strasse|Muellerstrasse|"
    "Hermannstrasse|Boxhagener Strasse|Greifswalder Strasse|Turmstrasse|Hauptstrasse|"
    "Frankfurter Allee|Bundesallee|Prenzlauer Allee|Landsberger Allee"
)
STREET_NAMES = [
    *STREETS.partition("Schoenhauser")[0].split(),
    *("Schoenhauser" + STREETS.partition("Schoenhauser")[2]).split("|"),
]
