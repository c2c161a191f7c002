from . import purchase
from . import training_request
from . import website_event
from . import website_sale
