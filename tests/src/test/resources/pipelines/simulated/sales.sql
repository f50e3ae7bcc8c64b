-- One row for each sale, in dollars, with its account.
WITH sold AS (
  SELECT
    n,
    event_time AS occurred_at,
    text(event, '$.code') AS code,
    text(event, '$.account') AS account,
    text(event, '$.method') AS method,
    upper(text(event, '$.currency')) AS currency,
    money(event, '$.amount') AS amount
  FROM events
)

SELECT
  sold.*,
  rates.rate,
  convert_money(amount, rate) AS amount_usd,
  (convert_money(amount, rate) * rates.fee)::DECIMAL(30, 3) AS fee_usd,
  accounts.country AS account_country,
  accounts.level AS account_level,
  accounts.discount AS account_discount
FROM sold
LEFT JOIN rates USING (currency)
LEFT JOIN accounts USING (account)
