package dev.sluice.deployment;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The code that can run from some methods on, by its bytecode: along every call and reference, and
/// through an interface to every class that is constructed on the way. What a lambda calls counts
/// as called where it is written; what outsiders may call back counts as called once its class is
/// constructed.
final class ReachableCode {
  private static final String OURS = "dev.sluice.";

  private final Set<JavaCodeUnit> units = new LinkedHashSet<>();
  private final Set<JavaClass> constructed = new LinkedHashSet<>();
  private final Set<AccessTarget.CodeUnitAccessTarget> called = new LinkedHashSet<>();
  private final Deque<JavaCodeUnit> waiting = new ArrayDeque<>();

  private ReachableCode() {}

  static ReachableCode from(Stream<? extends JavaCodeUnit> entries) {
    ReachableCode reachable = new ReachableCode();
    entries.forEach(reachable::enter);
    while (!reachable.waiting.isEmpty()) {
      reachable.follow(reachable.waiting.remove());
    }
    return reachable;
  }

  /// Every call or reference that this code makes, our own and others'.
  Stream<JavaAccess<?>> accesses() {
    return units.stream().flatMap(unit -> unit.getAccessesFromSelf().stream());
  }

  Set<JavaCodeUnit> units() {
    return units;
  }

  private void enter(JavaCodeUnit unit) {
    if (isOurs(unit.getOwner()) && units.add(unit)) {
      waiting.add(unit);
      unit.getOwner().getStaticInitializer().ifPresent(this::enter);
      if (unit instanceof JavaConstructor constructor) {
        construct(constructor.getOwner());
      }
    }
  }

  private void follow(JavaCodeUnit unit) {
    for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
      if (isOurs(access.getTargetOwner())) {
        access.getTargetOwner().getStaticInitializer().ifPresent(this::enter);
      }
      if (access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
          && called.add(target)) {
        target.resolveMember().ifPresent(this::enter);
        constructed.forEach(type -> dispatch(target, type));
      }
    }
  }

  private void construct(JavaClass type) {
    if (constructed.add(type)) {
      List.copyOf(called).forEach(target -> dispatch(target, type));
      type.getMethods().stream().filter(ReachableCode::isCalledBack).forEach(this::enter);
    }
  }

  private void dispatch(AccessTarget.CodeUnitAccessTarget target, JavaClass type) {
    if (type.isAssignableTo(target.getOwner().getName())) {
      Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
          .flatMap(owner -> owner.getMethods().stream())
          .filter(method -> isSame(method, target.getName(), target.getRawParameterTypes()))
          .findFirst()
          .ifPresent(this::enter);
    }
  }

  private static boolean isCalledBack(JavaMethod method) {
    JavaClass type = method.getOwner();
    return Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
        .filter(outsider -> !isOurs(outsider))
        .flatMap(outsider -> outsider.getMethods().stream())
        .anyMatch(other -> isSame(method, other.getName(), other.getRawParameterTypes()));
  }

  private static boolean isSame(JavaMethod method, String name, List<JavaClass> parameters) {
    return method.getName().equals(name) && method.getRawParameterTypes().equals(parameters);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(OURS);
  }
}
