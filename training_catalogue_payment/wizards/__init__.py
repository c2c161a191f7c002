from . import training_request_refusal
from . import training_validation
