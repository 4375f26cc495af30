"""The registers of the knowledge room."""

from knowledge.registers.articles import ARTICLES, TAGS
from knowledge.registers.lessons import LESSONS
from knowledge.registers.people import contribute
from knowledge.registers.templates import DOWNLOADS, TEMPLATES
from pmo.core.registers.declaration import register

ALL = (ARTICLES, TAGS, LESSONS, TEMPLATES, DOWNLOADS)


def declare() -> None:
    """Make all of them known."""
    for declared in ALL:
        register(declared)
    contribute()
