-- One row for each cart with a note for its receiver.
SELECT
  n,
  event_time AS occurred_at,
  code,
  note,
  len(items) AS item_count,
  items[1] AS first_item
FROM events
WHERE note IS NOT NULL
