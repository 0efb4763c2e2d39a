"""Searches and offers that a signed-in person keeps: their pages, and what a saved search means."""
