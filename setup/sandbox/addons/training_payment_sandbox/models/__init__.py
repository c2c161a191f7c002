from . import payment_provider
from . import training_seat_counter
