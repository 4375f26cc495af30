"""Reaching people: notifications, mail, digests, webhooks, chat, calendar feeds."""
