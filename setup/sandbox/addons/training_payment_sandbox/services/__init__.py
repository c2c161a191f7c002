from . import live_keys
from . import stand_in
