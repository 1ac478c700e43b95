"""Adapters of the port Events: how processes hear from each other that something has changed."""
