"""Plays the lanes and seals of the demo site over MQTT: a counterpart of the device process."""
