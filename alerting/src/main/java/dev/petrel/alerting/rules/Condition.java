// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a rule is for: an expression of the Common Expression Language over an alert's labels, such
 * as {@code environment == "prod" && !(tenant in ["test", "load"])}. Thread-safe.
 *
 * <p>Each label is a variable; one that the alert has not is the empty string. Expressions are
 * type-checked when they are read; macros that iterate are not there, so none can run for long.
 */
final class Condition implements Predicate<Map<String, String>> {

  /** The labels that alerts can have. */
  static final List<String> LABELS =
      List.of(
          "scope_kind",
          "environment",
          "provider",
          "model",
          "tenant",
          "service",
          "instance",
          "credential",
          "version");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(4_000)
          .enableHeterogeneousNumericComparisons(true)
          .comprehensionMaxIterations(1_000)
          .maxRegexProgramSize(2_000)
          .build();

  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

  private final String text;
  private final CelRuntime.Program program;

  private Condition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
  }

  private static CelCompiler compiler() {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setResultType(SimpleType.BOOL);
    LABELS.forEach(label -> builder.addVar(label, SimpleType.STRING));
    return builder.build();
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it is none, or one of something else than yes or no; says
   *     where
   */
  static Condition parse(String text) {
    try {
      CelAbstractSyntaxTree tree = COMPILER.compile(text).getAst();
      return new Condition(text, RUNTIME.createProgram(tree));
    } catch (CelValidationException e) {
      throw new IllegalArgumentException(firstLine(e), e);
    } catch (CelEvaluationException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The error and its column, without the picture of the expression below it. */
  private static String firstLine(CelValidationException e) {
    String message = String.valueOf(e.getMessage()).strip();
    int end = message.indexOf('\n');
    String first = end < 0 ? message : message.substring(0, end);
    return first.replaceFirst("^ERROR: <input>:1:([0-9]+): ", "at column $1: ");
  }

  @Override
  public boolean test(Map<String, String> labels) {
    Map<String, Object> variables = new HashMap<>();
    LABELS.forEach(label -> variables.put(label, labels.getOrDefault(label, "")));
    try {
      return Boolean.TRUE.equals(program.eval(variables));
    } catch (CelEvaluationException e) {
      // Such as a text that is converted to a number and is none: the rule is not for it.
      return false;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
