"""The forty story projects, by business unit."""

from portfolio.demo.spec import ProjectSpec
from portfolio.demo.stories.automotive import AUTOMOTIVE
from portfolio.demo.stories.chemicals import CHEMICALS
from portfolio.demo.stories.energy import ENERGY
from portfolio.demo.stories.engineering import ENGINEERING
from portfolio.demo.stories.group import GROUP
from portfolio.demo.stories.retail import RETAIL
from portfolio.demo.stories.telecom import TELECOM

STORIES: tuple[ProjectSpec, ...] = (*AUTOMOTIVE, *RETAIL, *ENGINEERING, *ENERGY, *TELECOM, *CHEMICALS, *GROUP)
