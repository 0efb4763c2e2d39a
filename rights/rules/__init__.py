"""The rules of the rights as pure functions: they are given the figures and ask the database nothing."""
