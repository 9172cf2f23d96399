"""Where an address lies, as a geocoder says; people move the pin where it is wrong."""
