-- forget the linked Stripe accounts, so that a copy neither receives nor sends
UPDATE payment_provider
   SET training_account_id = NULL,
       training_webhook_id = NULL,
       training_webhook_token = NULL,
       training_link_ready = FALSE
 WHERE code = 'stripe';
UPDATE res_company
   SET training_stripe_provider_id = NULL,
       training_sale_open = FALSE;
-- never send what the original was about to send
UPDATE training_payment_operation
   SET state = 'failed',
       date_next = NULL,
       error_code = 'neutralized'
 WHERE state IN ('draft', 'sending', 'unknown', 'pending');
UPDATE training_payment_event
   SET state = 'failed',
       date_next = NULL
 WHERE state IN ('received', 'parked');
-- keys being entered
DELETE FROM training_stripe_link;
