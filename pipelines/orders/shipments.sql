-- One row for each step of a shipment.
SELECT
  n, event_time AS occurred_at, shipment_id, order_id, carrier, status,
  destination.country AS destination_country,
  destination.city AS destination_city,
  destination.zip AS destination_zip
FROM events
