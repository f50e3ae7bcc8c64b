package dev.sluice.hashorder;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Writes HashMap and ConcurrentHashMap with a salt in their hash function, for `java
/// --patch-module java.base=DIR`: the iteration order of HashMap, HashSet and ConcurrentHashMap
/// differs from that of the JDK. `Map.of` and `Set.of` have a salt of their own in each process.
public final class SaltedHash {
  /// The classes, each with the method that computes the hash of a key.
  private static final Map<String, String> HASH_METHODS =
      Map.of("HashMap", "hash", "concurrent/ConcurrentHashMap", "spread");

  private SaltedHash() {}

  /// Arguments: the folder to write to, and the salt.
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
  }

  /// The options of a JVM with this salt.
  public static List<String> options(Path folder, int salt) throws IOException {
    write(folder, salt);
    return List.of("--patch-module=java.base=" + folder);
  }

  private static void write(Path folder, int salt) throws IOException {
    for (Map.Entry<String, String> type : HASH_METHODS.entrySet()) {
      String file = "java/util/" + type.getKey() + ".class";
      Path target = folder.resolve(file);
      Files.createDirectories(target.getParent());
      Files.write(target, salted(file, type.getValue(), salt));
    }
  }

  private static byte[] salted(String file, String method, int salt) throws IOException {
    try (InputStream original =
        Objects.requireNonNull(Object.class.getResourceAsStream("/" + file))) {
      ClassFile classFile = ClassFile.of();
      return classFile.transformClass(
          classFile.parse(original.readAllBytes()),
          ClassTransform.transformingMethodBodies(
              candidate -> candidate.methodName().equalsString(method), salting(salt)));
    }
  }

  /// Two odd factors and shifts permute the hashes, so that the low bits, which select the bucket,
  /// depend on all bits. ConcurrentHashMap needs hashes that are not negative.
  private static CodeTransform salting(int salt) {
    Random random = new Random(salt);
    int first = random.nextInt() | 1;
    int second = random.nextInt() | 1;
    return (code, element) -> {
      if (element instanceof ReturnInstruction) {
        code.loadConstant(first).imul();
        code.dup().loadConstant(15).iushr().ixor();
        code.loadConstant(second).imul();
        code.dup().loadConstant(16).iushr().ixor();
        code.loadConstant(Integer.MAX_VALUE).iand();
      }
      code.with(element);
    };
  }
}
