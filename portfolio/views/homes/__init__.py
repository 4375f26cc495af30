"""Role homes: cards that are short readings of registers, so that the figure on a card is the total of its list."""
