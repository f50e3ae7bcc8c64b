SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.order_id') AS order_id,
  money(event, '$.amount') AS amount,
  rate
FROM events
LEFT JOIN rates ON rates.currency = text(event, '$.currency')
