"""The administrator's own pages: what the installation is set to, what needs attention, and how to change it."""
