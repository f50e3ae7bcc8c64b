-- One row for each order, in US dollars, with its customer and its fraud score.
WITH placed AS (
  SELECT
    * REPLACE (upper(currency) AS currency),
    list_transform(items, lambda item: CASE WHEN item.quantity BETWEEN -999999999 AND 999999999
      THEN item.quantity::DECIMAL(20, 0) * item.unit_price END) AS item_totals
  FROM events
),

joined AS (
  SELECT
    placed.*,
    rates.rate,
    convert_money(amount, rate) AS amount_usd,
    customers.customer_id IS NOT NULL AS customer_known,
    customers.country AS customer_country,
    customers.tier AS customer_tier,
    customers.since AS customer_since,
    customers.blocked AS customer_blocked
  FROM placed
  LEFT JOIN rates USING (currency)
  LEFT JOIN customers USING (customer_id)
),

suspicions AS (
  SELECT
    *,
    [
      CASE WHEN customer_blocked THEN {reason: 'blocked_customer', points: 50} END,
      CASE WHEN amount_usd > 1000 THEN {reason: 'large_amount', points: 40} END,
      CASE WHEN NOT list_contains(list_transform(item_totals, lambda t: t IS NULL), true)
        AND coalesce(list_sum(item_totals), 0) <> amount THEN {reason: 'total_mismatch', points: 25} END,
      CASE WHEN country <> customer_country THEN {reason: 'foreign_country', points: 20} END,
      CASE WHEN event_time::DATE - customer_since BETWEEN 0 AND 7
        THEN {reason: 'new_customer', points: 15} END
    ] AS maybe
  FROM joined
)

SELECT
  n, event_time AS occurred_at, order_id, customer_id, channel, country, currency, amount, rate, amount_usd,
  len(item_totals)::INTEGER AS item_count,
  customer_known, customer_country, customer_tier, customer_since,
  coalesce(list_sum([s.points FOR s IN maybe]), 0)::INTEGER AS fraud_score,
  [s.reason FOR s IN maybe IF s IS NOT NULL] AS fraud_reasons,
  coalesce(list_sum([s.points FOR s IN maybe]), 0) >= 60 AS fraud_suspected
FROM suspicions
