package org.nabla4j.objective;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nabla4j.data.Column;

/**
 * A batch of root-finding problems: p equations F(x) = 0 in p unknowns, with constants of each
 * problem's own.
 *
 * <p>Each unknown has a start value, an interval that the root lies in, or both. For one equation
 * the interval is a bracket: a root inside is found for certain where F is continuous and has
 * opposite signs at its ends. For systems it is a pair of bounds. Immutable; columns are not copied
 * and must not change while the problem is solved.
 */
public final class EquationProblem {

  private final List<Equation> equations;
  private final List<String> unknowns;
  private final List<String> constantNames;
  private final List<Column> constants;
  private final Column[] starts;
  private final Column[] lower;
  private final Column[] upper;
  private final long problems;

  private EquationProblem(Builder builder) {
    equations = builder.equations;
    unknowns = builder.unknowns;
    constantNames = builder.constantNames;
    constants = constantNames.stream().map(builder::constantOf).toList();
    int p = unknowns.size();
    starts = new Column[p];
    lower = new Column[p];
    upper = new Column[p];
    for (int j = 0; j < p; j++) {
      starts[j] = builder.starts.get(unknowns.get(j));
      lower[j] = builder.lower.get(unknowns.get(j));
      upper[j] = builder.upper.get(unknowns.get(j));
    }
    problems = builder.commonProblems();
    checkStarts();
  }

  /**
   * Starts a problem.
   *
   * @param equations p equations
   * @param unknowns the names of p unknowns, in order; every one must occur in an equation
   * @return a builder; every other symbol of the equations needs a constant
   * @throws IllegalArgumentException if there are not as many equations as unknowns, or a name is
   *     given twice or does not occur
   */
  public static Builder builder(List<Equation> equations, List<String> unknowns) {
    return new Builder(equations, unknowns);
  }

  private void checkStarts() {
    for (int j = 0; j < starts.length; j++) {
      String name = unknowns.get(j);
      checkEnds(name, lower[j], upper[j]);
      if (starts[j] == null && (isOpen(lower[j]) || isOpen(upper[j]))) {
        throw new IllegalArgumentException(
            "no start value for "
                + name
                + ", expected one, or a bracket with two finite ends; a symbol is an unknown"
                + " unless it has a constant");
      }
    }
  }

  private static void checkEnds(String name, Column low, Column high) {
    if (low == null || !low.shared() || !high.shared()) {
      return;
    }
    double from = low.value(0, 0);
    double to = high.value(0, 0);
    if (!(from < to)) {
      throw new IllegalArgumentException(
          "bracket of " + name + " = [" + from + ", " + to + "], expected lower < upper");
    }
  }

  /** Whether a problem may lack this end; one that is per problem is looked at when solved. */
  private static boolean isOpen(Column end) {
    return end == null || (end.shared() && Double.isInfinite(end.value(0, 0)));
  }

  /**
   * The equations.
   *
   * @return p equations, not modifiable
   */
  public List<Equation> equations() {
    return equations;
  }

  /**
   * The names of the unknowns, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> unknowns() {
    return unknowns;
  }

  /**
   * The names of the constants that occur in the equations.
   *
   * @return names, not modifiable
   */
  public List<String> constantNames() {
    return constantNames;
  }

  /**
   * The values of the constants, in the order of {@link #constantNames()}.
   *
   * @return columns of one point, shared or per problem; not modifiable
   */
  public List<Column> constants() {
    return constants;
  }

  /**
   * The start values of an unknown, if given.
   *
   * @param unknown its index, 0 to p-1
   * @return a column of one point, shared or per problem
   */
  public Optional<Column> start(int unknown) {
    return Optional.ofNullable(starts[unknown]);
  }

  /**
   * The lower ends of an unknown's interval, if given.
   *
   * @param unknown its index, 0 to p-1
   * @return a column of one point, shared or per problem
   */
  public Optional<Column> lower(int unknown) {
    return Optional.ofNullable(lower[unknown]);
  }

  /**
   * The upper ends of an unknown's interval, if given.
   *
   * @param unknown its index, 0 to p-1
   * @return a column of one point, shared or per problem
   */
  public Optional<Column> upper(int unknown) {
    return Optional.ofNullable(upper[unknown]);
  }

  /**
   * The number of problems B.
   *
   * @return B, 1 to 2³¹-9
   */
  public long problems() {
    return problems;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(3, equations.size());
    for (int i = 0; i < shown; i++) {
      text.append(i == 0 ? "" : ", ").append(equations.get(i));
    }
    text.append(shown < equations.size() ? ", …" : "");
    return text + ": B = " + problems + ", p = " + unknowns.size();
  }

  /** Collects the parts of a problem; not safe for use by several threads. */
  public static final class Builder {

    private final List<Equation> equations;
    private final List<String> unknowns;
    private final List<String> constantNames;
    private final Map<String, Column> constants = new LinkedHashMap<>();
    private final Map<String, Column> starts = new LinkedHashMap<>();
    private final Map<String, Column> lower = new LinkedHashMap<>();
    private final Map<String, Column> upper = new LinkedHashMap<>();

    private Builder(List<Equation> equations, List<String> unknowns) {
      this.equations = List.copyOf(Objects.requireNonNull(equations, "equations"));
      this.unknowns = List.copyOf(Objects.requireNonNull(unknowns, "unknowns"));
      Set<String> symbols = new LinkedHashSet<>();
      this.equations.forEach(e -> symbols.addAll(e.symbols()));
      if (this.equations.isEmpty() || this.equations.size() != this.unknowns.size()) {
        throw new IllegalArgumentException(
            "equations has "
                + count(this.equations.size(), "equation")
                + " in "
                + count(this.unknowns.size(), "unknown")
                + " "
                + unknowns
                + ", expected as many equations as unknowns, at least one; a symbol is an unknown"
                + " unless it has a constant");
      }
      Set<String> seen = new LinkedHashSet<>();
      for (String name : this.unknowns) {
        if (!seen.add(name)) {
          throw new IllegalArgumentException("unknown " + name + " is given twice");
        }
        if (!symbols.contains(name)) {
          throw new IllegalArgumentException(
              "unknown " + name + " does not occur in the equations, whose symbols are " + symbols);
        }
      }
      constantNames = symbols.stream().filter(name -> !seen.contains(name)).toList();
    }

    private static String count(int number, String what) {
      return number + " " + what + (number == 1 ? "" : "s");
    }

    /**
     * Gives a constant.
     *
     * @param name a symbol of the equations that is no unknown
     * @param values one point, shared or per problem
     * @return this builder
     * @throws IllegalArgumentException if the equations have no such constant, or the column has
     *     more points than one
     */
    public Builder constant(String name, Column values) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(values, "values");
      if (!constantNames.contains(name)) {
        throw new IllegalArgumentException(
            "constant "
                + name
                + (unknowns.contains(name)
                    ? " is an unknown"
                    : " does not occur in the equations; their constants are " + constantNames));
      }
      constants.put(name, onePoint("constant " + name, values));
      return this;
    }

    /**
     * Gives the start value of an unknown. One that lies outside of its interval is moved to the
     * nearer end. Without any the middle of the interval is the start, the geometric one where its
     * ends have the same sign and are more than a factor of 100 apart.
     *
     * @param unknown its name
     * @param values one point, shared or per problem
     * @return this builder
     * @throws IllegalArgumentException if there is no such unknown, or the column has more points
     *     than one
     */
    public Builder start(String unknown, Column values) {
      known("start", unknown);
      starts.put(
          unknown, onePoint("start of " + unknown, Objects.requireNonNull(values, "values")));
      return this;
    }

    /**
     * Gives the interval that an unknown lies in, its ends included. Ends that are in the wrong
     * order in a problem of its own are swapped.
     *
     * @param unknown its name
     * @param from lower ends, one point, shared or per problem; -∞ where there is none
     * @param to upper ends, one point, shared or per problem; +∞ where there is none
     * @return this builder
     * @throws IllegalArgumentException if there is no such unknown, or a column has more points
     *     than one
     */
    public Builder bracket(String unknown, Column from, Column to) {
      known("bracket", unknown);
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      lower.put(unknown, onePoint("lower end of " + unknown, from));
      upper.put(unknown, onePoint("upper end of " + unknown, to));
      return this;
    }

    /**
     * Checks everything and makes the problem.
     *
     * @return the problem
     * @throws IllegalArgumentException if something is missing or does not fit; the message has the
     *     name, the value and what was expected
     */
    public EquationProblem build() {
      return new EquationProblem(this);
    }

    private void known(String what, String unknown) {
      Objects.requireNonNull(unknown, "unknown");
      if (!unknowns.contains(unknown)) {
        throw new IllegalArgumentException(
            what + " names " + unknown + ", expected one of the unknowns " + unknowns);
      }
    }

    private static Column onePoint(String what, Column values) {
      if (values.points() != 1) {
        throw new IllegalArgumentException(
            what + " is " + values + ", expected one value per problem");
      }
      return values;
    }

    private Column constantOf(String name) {
      Column values = constants.get(name);
      if (values == null) {
        throw new IllegalArgumentException(
            "no value for the constant " + name + " of the equations " + equations);
      }
      return values;
    }

    private long commonProblems() {
      Map<String, Column> named = new LinkedHashMap<>();
      constants.forEach((name, column) -> named.put("constant " + name, column));
      starts.forEach((name, column) -> named.put("start of " + name, column));
      lower.forEach((name, column) -> named.put("lower end of " + name, column));
      upper.forEach((name, column) -> named.put("upper end of " + name, column));
      return ParameterSpace.commonProblems(named);
    }
  }
}
