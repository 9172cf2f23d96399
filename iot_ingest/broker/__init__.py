"""The MQTT broker as a subscriber sees it; technique, no business word in it."""
