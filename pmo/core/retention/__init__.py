"""How long what nobody needs any more is kept, and the nightly job that removes it."""
