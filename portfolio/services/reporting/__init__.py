"""The reporting cycle: periods, reminders, delegation, the PMO's queue, reports that roll up."""
