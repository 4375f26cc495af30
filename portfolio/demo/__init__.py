"""The demo organisation: a world, forty story projects and any number of variants, told by a seeded simulator."""
