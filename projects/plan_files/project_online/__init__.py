"""Saved answers of the ProjectData service (OData) of Project Online: JSON files, alone or in an archive.

`tables` reads the files, `plans` makes a Plan of one project. Runs in the reading process: nothing of Django here.
"""
