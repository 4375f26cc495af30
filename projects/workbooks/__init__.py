"""The Excel form of a status report, for project managers who write offline."""
