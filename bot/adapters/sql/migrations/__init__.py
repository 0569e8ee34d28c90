"""Alembic's folder: one revision a file."""
