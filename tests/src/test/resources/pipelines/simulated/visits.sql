-- One row for each visit.
SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.code') AS code,
  text(event, '$.place.name') AS place_name,
  whole(event, '$.minutes') AS minutes
FROM events
