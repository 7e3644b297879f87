"""Builds the Fujian region pack from packages and facts. One module per layer or per step."""
