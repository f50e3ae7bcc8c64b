-- Applies every macro to the same fields, and reads each text in two ways.
WITH read AS (
  SELECT n, event, event_time, fields(event, '{
    "note": "VARCHAR", "country": "VARCHAR", "amount": "VARCHAR", "owner": {"name": "VARCHAR"},
    "items": [{"quantity": "VARCHAR", "price": "VARCHAR"}]}') AS thing
  FROM events
)

SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.note') AS note,
  thing.note AS same_note,
  thing.country,
  text(event, '$.country') AS place,
  places.place IS NOT NULL AS is_known,
  to_money(thing.amount) AS amount,
  thing.owner.name AS owner,
  whole(event, '$.note') AS as_whole,
  number(event, '$.note') AS as_number,
  flag(event, '$.note') AS as_flag,
  iso_day(event, '$.note') AS as_day,
  instant(event, '$.note') AS as_instant,
  convert_money(money(event, '$.note'), 1.5) AS as_money,
  list_transform(thing.items, lambda item: to_whole(item.quantity) * to_money(item.price)) AS items
FROM read
LEFT JOIN places ON places.place = thing.country
WHERE NOT coalesce(flag(event, '$.left_out'), false)
