package dev.sluice.mutation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Loads the project's classes anew, with one text of the engine replaced. Libraries are shared.
final class MutantLoader extends ClassLoader {
  static final String ENGINE = "dev/sluice/duckdb/";

  private final SqlMutant mutant;

  MutantLoader(SqlMutant mutant) {
    super(MutantLoader.class.getClassLoader());
    this.mutant = mutant;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.sluice.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    byte[] bytes = read(getParent(), file);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    if (file.equals(ENGINE + mutant.text().file())) {
      bytes = ClassConstants.with(bytes, mutant.text().constant(), mutant.sql());
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    return name.equals(ENGINE + mutant.text().file()) && name.endsWith(".sql")
        ? new ByteArrayInputStream(mutant.sql().getBytes(StandardCharsets.UTF_8))
        : super.getResourceAsStream(name);
  }

  static byte @Nullable [] read(ClassLoader loader, String name) {
    try (InputStream in = loader.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
