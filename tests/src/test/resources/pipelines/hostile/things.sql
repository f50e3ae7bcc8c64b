-- Applies every macro, and reads each value also as a field.
WITH read AS (
  SELECT *, fields(event, '{"note": "VARCHAR", "amount": "VARCHAR"}') AS thing
  FROM events
)

SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.note') AS note,
  thing.note AS same_note,
  country,
  text(event, '$.country') AS place,
  places.place IS NOT NULL AS is_known,
  places.share,
  places.fee,
  amount,
  owner_name AS owner,
  whole(event, '$.note') AS as_whole,
  number(event, '$.note') AS as_number,
  flag(event, '$.note') AS as_flag,
  iso_day(event, '$.note') AS as_day,
  instant(event, '$.note') AS as_instant,
  convert_money(money(event, '$.note'), 1.5) AS as_money,
  list_transform(items, lambda item: item.quantity * item.price) AS items,
  note IS NOT DISTINCT FROM text(event, '$.note')
    AND amount IS NOT DISTINCT FROM to_money(thing.amount)
    AND owner_name IS NOT DISTINCT FROM text(event, '$.owner.name')
    AND country IS NOT DISTINCT FROM text(event, '$.country')
    AND whole_note IS NOT DISTINCT FROM whole(event, '$.note')
    AND number_note IS NOT DISTINCT FROM number(event, '$.note')
    AND flag_note IS NOT DISTINCT FROM flag(event, '$.note')
    AND day_note IS NOT DISTINCT FROM iso_day(event, '$.note')
    AND instant_note IS NOT DISTINCT FROM instant(event, '$.note')
    AND money_note IS NOT DISTINCT FROM money(event, '$.note')
    AND is_money(event, '$.amount') IS DISTINCT FROM false
    AND is_whole(event, '$.note') IS NOT DISTINCT FROM
      CASE WHEN text(event, '$.note') IS NOT NULL THEN whole_note IS NOT NULL END
    AS is_same
FROM read
LEFT JOIN places ON places.place = country
WHERE NOT coalesce(flag(event, '$.left_out'), false)
