"""Copydesk: on-brand, grounded, approved email content for every documented segment."""
