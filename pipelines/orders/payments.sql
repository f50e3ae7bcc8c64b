-- One row for each step of a payment, in US dollars.
WITH read AS (
  SELECT n, event_time, fields(event, '{
    "payment_id": "VARCHAR", "order_id": "VARCHAR", "customer_id": "VARCHAR", "method": "VARCHAR",
    "status": "VARCHAR", "currency": "VARCHAR", "amount": "VARCHAR"}') AS payment
  FROM events
),

converted AS (
  SELECT
    n,
    event_time AS occurred_at,
    payment.payment_id, payment.order_id, payment.customer_id, payment.method, payment.status,
    upper(payment.currency) AS currency,
    to_money(payment.amount) AS amount
  FROM read
)

SELECT converted.*, convert_money(amount, rate) AS amount_usd
FROM converted
LEFT JOIN rates USING (currency)
