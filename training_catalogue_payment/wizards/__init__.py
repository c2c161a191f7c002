from . import training_request_refusal
from . import training_stripe_link
from . import training_validation
