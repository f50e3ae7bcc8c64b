import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/// Compares PIT's reports with the list of known survivors: a survivor that is not listed, or is listed but no longer survives,
/// and a module below the lowest score, fail the command.
final class Survivors {
  private static final int LOWEST_SCORE = 90;
  private static final Set<String> DETECTED = Set.of("KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR");
  private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (.+?) \\| (\\d+) \\| (.+?) \\|");

  /// A mutation of a method; line numbers are left out because they change with every edit.
  record Mutation(String method, String change) implements Comparable<Mutation> {
    @Override
    public int compareTo(Mutation other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return "| `" + method + "` | " + change + " |";
    }
  }

  record Mutant(Mutation mutation, String type, String status, String line) {
    static Mutant read(Element element) {
      String type = text(element, "mutatedClass");
      String method = type.substring(type.lastIndexOf('.') + 1) + "#" + text(element, "mutatedMethod");
      String change = text(element, "description").replaceAll("(\\w+[./])+(?=\\w)", "");
      return new Mutant(
          new Mutation(method, change), type, element.getAttribute("status"), text(element, "lineNumber"));
    }

    boolean survives() {
      return !DETECTED.contains(status);
    }

    private static String text(Element element, String name) {
      return element.getElementsByTagName(name).item(0).getTextContent();
    }
  }

  private Survivors() {}

  public static void main(String[] arguments) throws Exception {
    Map<Mutation, Integer> listed = listed(Path.of(arguments[0]));
    boolean failed = false;
    for (String report : List.of(arguments).subList(1, arguments.length)) {
      failed |= !accepts(Path.of(report), listed);
    }
    System.exit(failed ? 1 : 0);
  }

  private static Map<Mutation, Integer> listed(Path list) throws Exception {
    Map<Mutation, Integer> listed = new HashMap<>();
    for (String line : Files.readAllLines(list)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        listed.put(new Mutation(row.group(1), row.group(2)), Integer.valueOf(row.group(3)));
      }
    }
    return listed;
  }

  private static boolean accepts(Path report, Map<Mutation, Integer> listed) throws Exception {
    List<Mutant> mutants = mutants(report);
    String module = report.getParent().getFileName().toString();
    Map<Mutation, List<Mutant>> survivors = survivors(mutants);
    long survived = survivors.values().stream().mapToLong(List::size).sum();
    long score = mutants.isEmpty() ? 0 : 100 * (mutants.size() - survived) / mutants.size();
    System.out.printf("%s: %d of %d mutants killed (%d %%)%n", module, mutants.size() - survived, mutants.size(), score);
    boolean accepted = score >= LOWEST_SCORE;
    if (!accepted) {
      System.out.printf("  fewer than %d %% were killed%n", LOWEST_SCORE);
    }
    for (Map.Entry<Mutation, List<Mutant>> entry : survivors.entrySet()) {
      if (entry.getValue().size() > listed.getOrDefault(entry.getKey(), 0)) {
        accepted = false;
        String lines = entry.getValue().stream().map(m -> m.line() + " " + m.status()).collect(Collectors.joining(", "));
        System.out.printf("  new survivor: %s %d | lines %s%n", entry.getKey(), entry.getValue().size(), lines);
      }
    }
    Set<String> methods = mutants.stream().map(m -> m.mutation().method()).collect(Collectors.toSet());
    for (Map.Entry<Mutation, Integer> entry : listed.entrySet()) {
      int now = survivors.getOrDefault(entry.getKey(), List.of()).size();
      if (methods.contains(entry.getKey().method()) && now < entry.getValue()) {
        accepted = false;
        System.out.printf("  listed, but killed: %s %d, now %d%n", entry.getKey(), entry.getValue(), now);
      }
    }
    return accepted;
  }

  private static List<Mutant> mutants(Path report) throws Exception {
    var elements =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("mutation");
    List<Mutant> mutants = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      mutants.add(Mutant.read((Element) elements.item(i)));
    }
    return mutants;
  }

  private static Map<Mutation, List<Mutant>> survivors(List<Mutant> mutants) {
    return mutants.stream()
        .filter(Mutant::survives)
        .collect(Collectors.groupingBy(Mutant::mutation, TreeMap::new, Collectors.toList()));
  }
}
