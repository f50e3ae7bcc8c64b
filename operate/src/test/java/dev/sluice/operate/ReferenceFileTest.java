package dev.sluice.operate;

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
  void readsTheDeclaredColumnsOfACsvFile() throws IOException {
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
  void keepsTheDigitsOfJsonNumbers() throws IOException {
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
        "EUR,1,\\nUSD,1,\\nEUR,2, | 4: currency 'EUR' is already on line 2",
        "EUR,1                    | 2: has 2 values, but the header has 3 columns",
        ",1,                      | 2: the key currency is missing",
        "\"EUR,1,                 | 2: a quote in this record is not closed",
        "\"E\"UR,1,               | 2: Unexpected character after closing quote",
      })
  void rejectsAFileAtItsFirstInvalidRow(String rows, String complaint) {
    assertThatThrownBy(() -> read("rates.csv", "currency,rate,since\n" + rows.replace("\\n", "\n")))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("rates.csv:" + complaint)
        .hasMessageEndingWith("correct the file; no row was written");
  }

  @Test
  void doesNotSkipLinesAboveTheHeader() {
    assertThatThrownBy(() -> read("rates.csv", "Our rates\ncurrency,rate,since\nEUR,1,\n"))
        .hasMessageContaining("rates.csv:1: the header has no currency, rate, since")
        .hasMessageContaining("it was read as: Our rates");
  }

  @Test
  void acceptsOnlyTheCommaAsDelimiter() {
    assertThatThrownBy(() -> read("rates.csv", "currency;rate;since\nEUR;1;\n"))
        .hasMessageContaining("it was read as: currency;rate;since");
  }

  @Test
  void explainsHowToConvertAJsonArray() {
    assertThatThrownBy(() -> read("rates.json", "[\n{\"currency\": \"EUR\"}\n]"))
        .hasMessageContaining("is a JSON array; write one object per line");
  }

  @Test
  void rejectsAFileWithoutRows() {
    assertThatThrownBy(() -> read("rates.csv", "currency,rate,since\n"))
        .isInstanceOf(OperationFailed.class)
        .hasMessageEndingWith("rates.csv has no rows; no row was written");
    assertThatThrownBy(() -> read("rates.json", ""))
        .isInstanceOf(OperationFailed.class)
        .hasMessageEndingWith("rates.json has no rows; no row was written");
  }

  private List<Map<String, String>> read(String name, String text) throws IOException {
    return new ReferenceFile(Files.writeString(folder.resolve(name), text), RATES).rows();
  }
}
