-- One row for each cart that is not a draft, with its total in dollars and its discount.
WITH filled AS (
  SELECT
    * REPLACE (upper(currency) AS currency),
    TRY_CAST(list_sum([item.quantity::DECIMAL(20, 0) * item.price FOR item IN items]) AS DECIMAL(18, 2)) AS total
  FROM events
  WHERE state IS DISTINCT FROM 'draft'
)

SELECT
  n,
  event_time AS occurred_at,
  code,
  account,
  currency,
  state,
  region,
  items,
  buyer,
  sizes,
  total,
  convert_money(total, rates.rate) AS total_usd,
  (total::DECIMAL(30, 2) * accounts.discount)::DECIMAL(18, 2) AS discount
FROM filled
LEFT JOIN rates USING (currency)
LEFT JOIN accounts USING (account)
