-- One row for each step of a shipment.
SELECT
  n,
  event_time AS occurred_at,
  text(event, '$.shipment_id') AS shipment_id,
  text(event, '$.order_id') AS order_id,
  text(event, '$.carrier') AS carrier,
  text(event, '$.status') AS status,
  text(event, '$.destination.country') AS destination_country,
  text(event, '$.destination.city') AS destination_city,
  text(event, '$.destination.zip') AS destination_zip
FROM events
