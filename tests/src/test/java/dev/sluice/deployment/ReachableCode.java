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

/// The code units that are reachable from given methods, according to the bytecode.
///
/// It follows every call and method reference. A call of an interface or overridable method reaches
/// the implementations in all classes that reachable code constructs. Calls in a lambda count as
/// calls of the method that contains it. Methods that override a method of another library are
/// reachable as soon as their class is constructed, because the library can call them.
final class ReachableCode {
  private static final String PACKAGE_PREFIX = "dev.sluice.";

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

  /// Every call and reference in the reachable code.
  Stream<JavaAccess<?>> accesses() {
    return units.stream().flatMap(unit -> unit.getAccessesFromSelf().stream());
  }

  Set<JavaCodeUnit> units() {
    return units;
  }

  private void enter(JavaCodeUnit unit) {
    if (isOwn(unit.getOwner()) && units.add(unit)) {
      waiting.add(unit);
      unit.getOwner().getStaticInitializer().ifPresent(this::enter);
      if (unit instanceof JavaConstructor constructor) {
        construct(constructor.getOwner());
      }
    }
  }

  private void follow(JavaCodeUnit unit) {
    for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
      if (isOwn(access.getTargetOwner())) {
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
      type.getMethods().stream()
          .filter(ReachableCode::overridesExternalMethod)
          .forEach(this::enter);
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

  private static boolean overridesExternalMethod(JavaMethod method) {
    JavaClass type = method.getOwner();
    return Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
        .filter(external -> !isOwn(external))
        .flatMap(external -> external.getMethods().stream())
        .anyMatch(other -> isSame(method, other.getName(), other.getRawParameterTypes()));
  }

  private static boolean isSame(JavaMethod method, String name, List<JavaClass> parameters) {
    return method.getName().equals(name) && method.getRawParameterTypes().equals(parameters);
  }

  private static boolean isOwn(JavaClass type) {
    return type.getPackageName().startsWith(PACKAGE_PREFIX);
  }
}
