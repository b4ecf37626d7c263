"""Every setting of the site, from the environment. docs/settings.md is the table for people."""

from config.settings.api import *
from config.settings.core import *
from config.settings.growing import *
from config.settings.limits import *
from config.settings.logging import *
from config.settings.security import *
from config.settings.services import *
