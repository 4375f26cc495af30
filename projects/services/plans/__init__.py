"""Writing plans of projects: committing what was imported, drafts, publishing."""
