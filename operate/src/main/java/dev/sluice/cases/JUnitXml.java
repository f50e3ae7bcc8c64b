package dev.sluice.cases;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes results in the XML format of JUnit, which CI systems read.
public final class JUnitXml {
  /// Characters that XML 1.0 does not have.
  private static final Pattern NOT_XML =
      Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

  private JUnitXml() {}

  /// Writes one test suite with a test for each case; the folder of `file` is created.
  public static void write(Path file, List<CaseResult> results) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "sluice");
      xml.writeAttribute("tests", Integer.toString(results.size()));
      xml.writeAttribute("failures", count(results, CaseResult.Failed.class));
      xml.writeAttribute("errors", count(results, CaseResult.Broken.class));
      xml.writeAttribute(
          "time",
          seconds(results.stream().map(CaseResult::took).reduce(Duration.ZERO, Duration::plus)));
      for (CaseResult result : results) {
        write(xml, result);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException unwritable) {
      throw new IOException("cannot write " + file, unwritable);
    }
  }

  private static void write(XMLStreamWriter xml, CaseResult result) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", result.pipeline());
    xml.writeAttribute("name", result.one().name());
    xml.writeAttribute("time", seconds(result.took()));
    switch (result.outcome()) {
      case CaseResult.Passed _ -> {}
      case CaseResult.Failed _ -> problem(xml, "failure", "rows differ", result.text());
      case CaseResult.Broken _ -> problem(xml, "error", "the case cannot run", result.text());
    }
    xml.writeEndElement();
  }

  private static void problem(XMLStreamWriter xml, String element, String message, String text)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("message", message);
    xml.writeCharacters(NOT_XML.matcher(text).replaceAll("\uFFFD"));
    xml.writeEndElement();
  }

  private static String count(
      List<CaseResult> results, Class<? extends CaseResult.Outcome> outcome) {
    return Long.toString(results.stream().filter(r -> outcome.isInstance(r.outcome())).count());
  }

  private static String seconds(Duration took) {
    return String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0);
  }
}
