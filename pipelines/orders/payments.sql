-- One row for each step of a payment, in dollars.
SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.payment_id') AS payment_id,
  text(event, '$.order_id') AS order_id,
  text(event, '$.customer_id') AS customer_id,
  text(event, '$.method') AS "method",
  text(event, '$.status') AS status,
  upper(text(event, '$.currency')) AS currency,
  money(event, '$.amount') AS amount,
  convert_money(money(event, '$.amount'), rate) AS amount_usd
FROM events
LEFT JOIN rates ON rates.currency = upper(text(event, '$.currency'))
