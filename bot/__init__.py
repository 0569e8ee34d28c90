"""Segin: an SMS and WhatsApp assistant for Malians who have come home."""
