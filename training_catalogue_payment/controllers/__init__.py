from . import payment_status
from . import purchase
from . import stripe_webhook
from . import training_request
from . import training_request_portal
from . import website_event
from . import website_sale
