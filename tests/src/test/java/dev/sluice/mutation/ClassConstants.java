package dev.sluice.mutation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The string constants in the methods of a class file: those that are loaded, and the constant
/// parts of concatenations, in which the character 1 is a value.
final class ClassConstants {
  private ClassConstants() {}

  /// A constant of a method. Lambdas have the name of their method.
  record Constant(String method, String text) {}

  static List<Constant> of(byte[] classFile) {
    List<Constant> constants = new ArrayList<>();
    for (MethodModel method : ClassFile.of().parse(classFile).methods()) {
      String name = method.methodName().stringValue().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
      method.code().stream()
          .flatMap(CodeModel::elementStream)
          .flatMap(ClassConstants::constant)
          .forEach(text -> constants.add(new Constant(name, text)));
    }
    return constants;
  }

  /// The class file with another text for constant number `number` of [#of].
  static byte[] with(byte[] classFile, int number, String text) {
    ClassModel model = ClassFile.of().parse(classFile);
    AtomicInteger next = new AtomicInteger();
    return ClassFile.of()
        .transformClass(
            model,
            ClassTransform.transformingMethodBodies((code, element) -> {
              boolean isChanged =
                  constant(element).findAny().isPresent() && next.getAndIncrement() == number;
              switch (element) {
                case LoadConstantInstruction _ when isChanged -> code.loadConstant(text);
                case InvokeDynamicInstruction call when isChanged ->
                    code.invokedynamic(withRecipe(call, text));
                case CodeElement same -> code.with(same);
              }
            }));
  }

  private static Stream<String> constant(CodeElement element) {
    return switch (element) {
      case LoadConstantInstruction load when load.constantValue() instanceof String text ->
          Stream.of(text);
      case InvokeDynamicInstruction call when isConcatenation(call) ->
          Stream.of(String.valueOf(call.bootstrapArgs().getFirst()));
      case CodeElement _ -> Stream.empty();
    };
  }

  private static boolean isConcatenation(InvokeDynamicInstruction call) {
    return call.bootstrapMethod().methodName().equals("makeConcatWithConstants");
  }

  private static DynamicCallSiteDesc withRecipe(InvokeDynamicInstruction call, String recipe) {
    List<ConstantDesc> arguments = new ArrayList<>(call.bootstrapArgs());
    arguments.set(0, recipe);
    return DynamicCallSiteDesc.of(
        call.bootstrapMethod(),
        call.name().stringValue(),
        call.typeSymbol(),
        arguments.toArray(ConstantDesc[]::new));
  }
}
