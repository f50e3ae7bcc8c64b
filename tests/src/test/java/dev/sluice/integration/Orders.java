package dev.sluice.integration;

import java.time.Instant;

/// Valid events of the pipeline `orders` as JSON. The id of the order, payment or shipment is also
/// the event id.
public final class Orders {
  private Orders() {}

  public static String order(String id, String customer, String amount, Instant at) {
    return """
    {"type": "order_placed", "event_id": "%1$s", "occurred_at": "%4$s", "order_id": "%1$s", \
    "customer_id": "%2$s", "country": "DE", "currency": "EUR", "amount": "%3$s"}\
    """
        .formatted(id, customer, amount, at);
  }

  public static String payment(String id, Instant at) {
    return """
    {"type": "payment", "event_id": "%1$s", "occurred_at": "%2$s", "payment_id": "%1$s", \
    "order_id": "o-1", "customer_id": "c-1", "method": "card", "status": "captured", \
    "currency": "EUR", "amount": 100}\
    """
        .formatted(id, at);
  }

  public static String shipment(String id, Instant at) {
    return """
    {"type": "shipment", "event_id": "%1$s", "occurred_at": "%2$s", "shipment_id": "%1$s", \
    "order_id": "o-1", "carrier": "DHL", "status": "created"}\
    """
        .formatted(id, at);
  }
}
