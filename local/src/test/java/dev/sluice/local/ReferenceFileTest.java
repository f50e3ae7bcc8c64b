package dev.sluice.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceFileTest {
  private static final Reference RATES =
      new Reference(
          "rates",
          "rates",
          "currency",
          Optional.empty(),
          List.of(),
          List.of(
              new ReferenceColumn("currency", "VARCHAR"),
              new ReferenceColumn("rate", "DECIMAL(18,6)"),
              new ReferenceColumn("since", "DATE")));

  @TempDir private Path folder = Path.of("");

  @Test
  void readsTheDeclaredColumnsOfACsvTrimmedAndBlankAsNone() throws IOException {
    List<Map<String, String>> rows =
        read(
            "RATES.CSV",
            "\uFEFFnote,currency,rate,since\r\n"
                + "\"a, \"\"b\"\"\nc\", EUR ,1.083417,\r\n\n,\"USD\", 1 ,2026-01-31");

    assertThat(rows)
        .containsExactly(
            Map.of("currency", "EUR", "rate", "1.083417"),
            Map.of("currency", "USD", "rate", "1", "since", "2026-01-31"));
  }

  @Test
  void readsJsonLinesByTheirDigits() throws IOException {
    List<Map<String, String>> rows =
        read(
            "rates.jsonl", "{\"currency\": \"EUR\", \"rate\": 1.10, \"since\": null, \"x\": []}\n");

    assertThat(rows).containsExactly(Map.of("currency", "EUR", "rate", "1.10"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EUR,0.1234567,           | 2: rate '0.1234567' does not fit DECIMAL(18,6)",
        "EUR,1,infinity           | 2: since 'infinity' does not fit DATE",
        "EUR,1,\\nUSD,1,\\nEUR,2, | 4: currency 'EUR' stands on line 2 already",
        "EUR,1                    | 2: has 2 values, and the header names 3 columns",
        ",1,                      | 2: currency, the key, is missing",
        "\"EUR,1,                 | 2: a quote is opened here and never closed",
        "\"E\"UR,1,               | 2: something stands behind a closing quote",
      })
  void refusesTheFirstRowThatIsWrong(String rows, String complaint) {
    assertThatThrownBy(() -> read("rates.csv", "currency,rate,since\n" + rows.replace("\\n", "\n")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("rates.csv:" + complaint)
        .hasMessageEndingWith("correct the file; nothing was put");
  }

  @Test
  void takesNoLineAboveTheHeaderForOneToSkip() {
    assertThatThrownBy(() -> read("rates.csv", "Our rates\ncurrency,rate,since\nEUR,1,\n"))
        .hasMessageContaining("rates.csv:1: the header names no currency, rate, since")
        .hasMessageContaining("it is read as: Our rates");
  }

  @Test
  void takesNoOtherDelimiterThanTheComma() {
    assertThatThrownBy(() -> read("rates.csv", "currency;rate;since\nEUR;1;\n"))
        .hasMessageContaining("it is read as: currency;rate;since");
  }

  @Test
  void saysHowToWriteAJsonArray() {
    assertThatThrownBy(() -> read("rates.json", "[\n{\"currency\": \"EUR\"}\n]"))
        .hasMessageContaining("is a JSON array; write one object a line");
  }

  @Test
  void refusesAFileWithoutRows() {
    assertThatThrownBy(() -> read("rates.csv", "currency,rate,since\n"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageEndingWith("rates.csv has no rows; nothing was put");
    assertThatThrownBy(() -> read("rates.json", ""))
        .isInstanceOf(CommandFailure.class)
        .hasMessageEndingWith("rates.json has no rows; nothing was put");
  }

  private List<Map<String, String>> read(String name, String text) throws IOException {
    return new ReferenceFile(Files.writeString(folder.resolve(name), text), RATES).rows();
  }
}
