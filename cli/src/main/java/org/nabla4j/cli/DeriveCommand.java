package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.nabla4j.Derive;
import org.nabla4j.calculus.SecondOrderTaylor;
import org.nabla4j.calculus.StationaryPoint;
import org.nabla4j.calculus.Taylor;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nabla4j derive}: derivatives of a formula, as formulas and as numbers. */
@Command(
    name = "derive",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Derives a formula: gradient, Hessian, Taylor series.",
      "",
      "Derivatives are exact, by the chain rule, and shown as formulas; with --at as numbers too.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nabla4j derive --formula \"x^2*sin(y)\"",
      "  nabla4j derive --formula \"a*exp(-b*x)\" --by a,b --at a=2,b=0.5,x=1",
      "  nabla4j derive --formula \"x^3 - 3*x + y^2\" --hessian --at x=1,y=0",
      "  nabla4j derive --formula \"exp(sin(x))\" --taylor x:8",
      "",
      "Exit codes: 0 success, 2 bad input."
    })
final class DeriveCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--formula",
      required = true,
      paramLabel = "TEXT",
      description =
          "What to derive, such as \"x^2*sin(y)\". nabla4j help formula lists signs and functions.")
  private String formulaText;

  @Option(
      names = "--by",
      paramLabel = "NAMES",
      description = "Symbols to derive by: x,y. Repeatable; default all, in order of appearance.")
  private List<String> by = List.of();

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE",
      description =
          "A point: x=1,y=2, a number for every symbol. Repeatable. Adds value, gradient, Hessian"
              + " and, where the gradient vanishes, the kind of stationary point.")
  private List<String> at = List.of();

  @Option(
      names = "--taylor",
      paramLabel = "NAME:ORDER",
      description =
          "Taylor series in one symbol: x:4, at its value of --at, or at 0 without one; other"
              + " symbols need a value.")
  private String taylor;

  @Option(names = "--hessian", description = "Show the second derivatives as formulas.")
  private boolean hessian;

  @Option(names = "--json", description = "Write one JSON object instead of a report.")
  private boolean json;

  DeriveCommand(Console console) {
    this.console = console;
  }

  /** What was asked for; null for what was not. */
  private record Answer(
      String formula,
      List<String> variables,
      List<Expression> gradient,
      List<List<Expression>> hessian,
      SecondOrderTaylor numbers,
      StationaryPoint point,
      Taylor taylor) {}

  @Override
  public Integer call() {
    Answer answer = answer();
    // JSON is written by another class, since naming a writer here would load it in every run.
    console.out().print(json ? DeriveJson.text(answer) : text(answer));
    return Main.SUCCESS;
  }

  private Answer answer() {
    Formula formula = Formula.parse(formulaText);
    if (formula.response().isPresent()) {
      throw new InputException(
          "--formula has an equals sign, expected an expression alone",
          "derive its right side: --formula \"" + formula.expression() + "\"");
    }
    Derive derive = Derive.of(formula);
    Set<String> symbols = new LinkedHashSet<>(formula.symbols());
    if (!by.isEmpty()) {
      derive = derive.by(Assignments.names("--by", by).toArray(String[]::new));
      checkSymbols("--by", derive.variables(), symbols);
    }
    Map<String, Double> values = new LinkedHashMap<>();
    if (!at.isEmpty()) {
      values = Assignments.values("--at", at);
      checkSymbols("--at", values.keySet(), symbols);
    }
    Taylor series = taylor == null ? null : series(derive, values, symbols);
    SecondOrderTaylor numbers = numbers(derive, values, symbols);
    StationaryPoint point = numbers == null ? null : numbers.stationaryPoint();
    return new Answer(
        formula.text(),
        derive.variables(),
        derive.gradient(),
        hessian ? derive.hessian() : null,
        numbers,
        point,
        series);
  }

  /** Value, gradient and Hessian; null without a point, or where only a series was given one. */
  private SecondOrderTaylor numbers(
      Derive derive, Map<String, Double> values, Set<String> symbols) {
    Set<String> missing = new TreeSet<>(symbols);
    missing.removeAll(values.keySet());
    if (values.isEmpty() && !symbols.isEmpty()) {
      return null;
    }
    if (missing.isEmpty()) {
      return derive.at(values);
    }
    if (taylor != null && missing.equals(Set.of(Assignments.taylor(taylor).symbol()))) {
      return null;
    }
    throw new InputException(
        "--at has no value for " + String.join(", ", missing),
        "expected one for every symbol: " + String.join(", ", symbols));
  }

  private Taylor series(Derive derive, Map<String, Double> values, Set<String> symbols) {
    Assignments.Series asked = Assignments.taylor(taylor);
    checkSymbols("--taylor", List.of(asked.symbol()), symbols);
    Set<String> missing = new TreeSet<>(symbols);
    missing.removeAll(values.keySet());
    missing.remove(asked.symbol());
    if (!missing.isEmpty()) {
      throw new InputException(
          "--taylor " + taylor + " needs a value for " + String.join(", ", missing),
          "give --at " + String.join("=…,", missing) + "=…");
    }
    return derive.taylor(asked.symbol(), asked.order(), values);
  }

  private void checkSymbols(String option, Iterable<String> names, Set<String> symbols) {
    for (String name : names) {
      if (!symbols.contains(name)) {
        throw new InputException(
            option + " names " + name + ", which is no symbol of the formula",
            symbols.isEmpty()
                ? "the formula has none"
                : "the symbols are " + String.join(", ", symbols));
      }
    }
  }

  private static String text(Answer answer) {
    List<String> lines = new ArrayList<>();
    lines.add(answer.formula());
    List<String> names = answer.variables();
    for (int j = 0; j < names.size(); j++) {
      lines.add("d/d" + names.get(j) + "  " + answer.gradient().get(j));
    }
    for (int i = 0; answer.hessian() != null && i < names.size(); i++) {
      for (int j = 0; j <= i; j++) {
        lines.add(
            "d2/d" + names.get(j) + " d" + names.get(i) + "  " + answer.hessian().get(i).get(j));
      }
    }
    if (answer.numbers() != null) {
      numbers(lines, answer);
    }
    if (answer.taylor() != null) {
      lines.add("Taylor  " + answer.taylor());
    }
    return String.join("\n", lines) + "\n";
  }

  private static void numbers(List<String> lines, Answer answer) {
    lines.add("value  " + answer.numbers().value());
    double[] gradient = answer.numbers().gradient();
    double[][] curvature = answer.numbers().hessian();
    for (int j = 0; j < gradient.length; j++) {
      lines.add("gradient  " + answer.variables().get(j) + " = " + gradient[j]);
    }
    for (double[] row : curvature) {
      StringBuilder line = new StringBuilder("Hessian ");
      for (double entry : row) {
        line.append(' ').append(entry);
      }
      lines.add(line.toString());
    }
    if (answer.point().kind() == StationaryPoint.Kind.NOT_DIFFERENTIABLE) {
      lines.add("not differentiable  the slopes on both sides differ");
    } else if (isWorthMention(answer)) {
      lines.add("stationary point  " + answer.point());
    }
  }

  /** Whether the point is more than one of many. */
  private static boolean isWorthMention(Answer answer) {
    return switch (answer.point().kind()) {
      case MINIMUM, MAXIMUM, SADDLE, DEGENERATE, NOT_DIFFERENTIABLE ->
          !answer.variables().isEmpty();
      case NOT_STATIONARY, UNDEFINED -> false;
    };
  }

  /** The answer as JSON. */
  private static final class DeriveJson {

    private DeriveJson() {}

    static String text(Answer answer) {
      return Json.object(
          json -> {
            json.writeStringField("formula", answer.formula());
            json.writeObjectFieldStart("gradient");
            for (int j = 0; j < answer.variables().size(); j++) {
              json.writeStringField(answer.variables().get(j), answer.gradient().get(j).toString());
            }
            json.writeEndObject();
            if (answer.hessian() != null) {
              json.writeArrayFieldStart("hessian");
              for (List<Expression> row : answer.hessian()) {
                json.writeStartArray();
                for (Expression entry : row) {
                  json.writeString(entry.toString());
                }
                json.writeEndArray();
              }
              json.writeEndArray();
            }
            if (answer.numbers() != null) {
              numbers(json, answer);
            }
            if (answer.taylor() != null) {
              series(json, answer.taylor());
            }
          });
    }

    private static void numbers(JsonGenerator json, Answer answer) throws IOException {
      SecondOrderTaylor numbers = answer.numbers();
      Json.number(json, "value", numbers.value());
      json.writeObjectFieldStart("gradientAt");
      double[] gradient = numbers.gradient();
      for (int j = 0; j < gradient.length; j++) {
        Json.number(json, answer.variables().get(j), gradient[j]);
      }
      json.writeEndObject();
      json.writeArrayFieldStart("hessianAt");
      for (double[] row : numbers.hessian()) {
        json.writeStartArray();
        Json.numbers(json, row);
        json.writeEndArray();
      }
      json.writeEndArray();
      if (isWorthMention(answer)) {
        json.writeObjectFieldStart("stationaryPoint");
        json.writeStringField("kind", answer.point().kind().name());
        Json.number(json, "relativeGradient", answer.point().relativeGradient());
        json.writeArrayFieldStart("eigenvalues");
        Json.numbers(json, answer.point().eigenvalues());
        json.writeEndArray();
        json.writeEndObject();
      }
    }

    private static void series(JsonGenerator json, Taylor taylor) throws IOException {
      json.writeObjectFieldStart("taylor");
      json.writeStringField("variable", taylor.symbol());
      Json.number(json, "at", taylor.at());
      json.writeNumberField("order", taylor.order());
      json.writeArrayFieldStart("coefficients");
      Json.numbers(json, taylor.coefficients());
      json.writeEndArray();
      json.writeStringField("formula", taylor.toExpression().toString());
      json.writeEndObject();
    }
  }
}
