-- forget the keys of Mangopay, so that a copy neither receives nor sends
UPDATE mangopay_account
   SET api_key = NULL,
       hook_token = NULL,
       hook_state = 'none',
       hook_detail = NULL,
       fault = 'key_refused';
DELETE FROM mangopay_token;
-- keys being entered
DELETE FROM mangopay_link;
-- never send what the original was about to send, nor ask about it
UPDATE mangopay_operation
   SET state = 'failed',
       is_followed_up = TRUE,
       date_next = NULL,
       error_code = 'neutralized'
 WHERE state IN ('draft', 'sending', 'unknown', 'pending');
UPDATE mangopay_event
   SET state = 'failed',
       date_next = NULL
 WHERE state IN ('received', 'parked');
-- offer no payment that would go nowhere
UPDATE payment_provider
   SET state = 'disabled',
       is_published = FALSE
 WHERE code = 'mangopay';
UPDATE res_company
   SET is_mangopay_ready = FALSE;
