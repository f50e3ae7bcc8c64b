-- One row for each step of a shipment.
WITH read AS (
  SELECT n, event_time, fields(event, '{
    "shipment_id": "VARCHAR", "order_id": "VARCHAR", "carrier": "VARCHAR", "status": "VARCHAR",
    "destination": {"country": "VARCHAR", "city": "VARCHAR", "zip": "VARCHAR"}}') AS shipment
  FROM events
)

SELECT
  n,
  event_time AS occurred_at,
  shipment.shipment_id, shipment.order_id, shipment.carrier, shipment.status,
  shipment.destination.country AS destination_country,
  shipment.destination.city AS destination_city,
  shipment.destination.zip AS destination_zip
FROM read
