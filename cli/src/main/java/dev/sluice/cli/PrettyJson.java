package dev.sluice.cli;

import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.io.PrintWriter;
import java.util.List;

/// Prints a JSON object for people: one line per field, and one line per item of a list.
final class PrettyJson {
  private PrettyJson() {}

  static void print(Json.Obj object, PrintWriter out) {
    for (Json.Field field : object.fields()) {
      if (field.value() instanceof Json.Array(List<Json> items) && !items.isEmpty()) {
        out.println(field.name() + ":");
        items.forEach(item -> out.println("  " + JsonText.of(item)));
      } else {
        String text = field.value().scalar().orElseGet(() -> JsonText.of(field.value()));
        out.println(field.name() + ": " + text);
      }
    }
    out.flush();
  }
}
