-- One row for each event with boxes, which are nested two levels deep.
SELECT
  n,
  event_time AS occurred_at,
  boxes[1][1].label AS label,
  boxes[1][1].weights[1] AS weight,
  boxes
FROM events
WHERE boxes IS NOT NULL
