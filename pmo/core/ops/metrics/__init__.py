"""Figures for Prometheus: off unless a token or a network is set."""
