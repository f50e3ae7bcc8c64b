-- One row for each step of a payment, in US dollars.
SELECT
  n, event_time AS occurred_at, payment_id, order_id, customer_id, method, status,
  upper(events.currency) AS currency, amount,
  convert_money(amount, rate) AS amount_usd
FROM events
LEFT JOIN rates ON rates.currency = upper(events.currency)
