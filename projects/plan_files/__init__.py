"""Plan files of other programs become `projects.calc.plan.document.Plan`, in a process of their own.

`reading` is the door: `detect`, `projects_of`, `read_plan`, and the table of formats that others extend. `errors` says in the
reader's language why a file was refused, `wording` what a line of the fidelity report means. `child` runs in the other
process only, so it imports nothing of Django.
"""
