package dev.sluice.simulation;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The folders of the regions of one batch, by docs/pipelines.md, "Partitions": the first two valid
/// values have folders, and all others are in `__other`.
final class RegionFolders {
  private static final int MAX_VALUES = 2;
  private static final int MAX_LENGTH = 100;

  private final Set<String> valuesWithFolder = new HashSet<>();

  /// The folder of a row. Rows must be added in the order of their events in the batch.
  ///
  /// @param region `NULL` for none
  String add(String region) {
    boolean hasFolder =
        isValid(region)
            && (valuesWithFolder.contains(region) || valuesWithFolder.size() < MAX_VALUES);
    if (hasFolder) {
      valuesWithFolder.add(region);
    }
    return "region=" + (hasFolder ? region : "__other");
  }

  private static boolean isValid(String region) {
    return region.length() <= MAX_LENGTH
        && region.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_' || c == '.')
        && !region.startsWith("__")
        && !region.toLowerCase(Locale.ROOT).equals("null")
        && !("." + region + ".").contains("..");
  }
}
