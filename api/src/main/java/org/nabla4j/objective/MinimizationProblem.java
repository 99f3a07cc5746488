package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;

/**
 * B problems of one shape: for each, minimise f(θ) over θ within lower ≤ θ ≤ upper, subject to g(θ)
 * = 0 or g(θ) ≥ 0 for each {@link Constraint}.
 *
 * <p>Everything is checked by {@link Builder#build()}, so that a problem that exists makes sense:
 * names match, shapes agree, and bounds are ordered. What can only be wrong for single problems of
 * a batch shows in their status instead. Immutable, but for the arrays behind the columns, which
 * are not copied.
 */
public final class MinimizationProblem {

  private final Objective objective;
  private final Objective freeObjective;
  private final ParameterSpace space;
  private final List<Constraint> constraints;
  private final List<FormulaObjective> constraintFunctions;
  private final int[] free;
  private final long problems;
  private final boolean negativeLogLikelihood;

  private MinimizationProblem(Builder builder) {
    objective = builder.objective;
    negativeLogLikelihood = builder.negativeLogLikelihood;
    if (objective instanceof FormulaObjective formula && !formula.missing().isEmpty()) {
      throw new IllegalArgumentException(
          "no values for "
              + String.join(", ", formula.missing())
              + " of the objective "
              + objective);
    }
    space =
        new ParameterSpace(
            objective.parameters(),
            builder.starts,
            builder.lower,
            builder.upper,
            builder.fixed,
            "minimise over",
            false);
    problems = commonProblems();
    free = new int[space.freeCount()];
    for (int j = 0, k = 0; j < space.size(); j++) {
      if (!space.isFixed(j)) {
        free[k++] = j;
      }
    }
    constraints = List.copyOf(builder.constraints);
    freeObjective = free.length == space.size() ? objective : held();
    constraintFunctions = constraints.stream().map(this::function).toList();
  }

  private long commonProblems() {
    LinkedHashMap<String, Column> named = new LinkedHashMap<>();
    if (objective instanceof FormulaObjective formula) {
      for (String name : formula.constants()) {
        named.put("constant " + name, formula.constantValues(name).orElseThrow());
      }
      for (String name : formula.columns()) {
        named.put("column " + name, formula.columnValues(name).orElseThrow());
      }
    }
    named.put("starts", space.starts());
    return ParameterSpace.commonProblems(named);
  }

  /** In a formula what is held becomes a constant, so that it stays a formula. */
  private Objective held() {
    if (!(objective instanceof FormulaObjective formula)) {
      return FreeParameters.of(objective, free, space.starts());
    }
    List<String> known = new ArrayList<>(formula.constants());
    known.addAll(fixedNames());
    FormulaObjective result =
        FormulaObjective.of(formula.expression(), freeParameters(), known, formula.columns());
    for (String name : formula.constants()) {
      result = result.constant(name, formula.constantValues(name).orElseThrow());
    }
    for (String name : formula.columns()) {
      result = result.data(name, formula.columnValues(name).orElseThrow());
    }
    return withFixed(result);
  }

  private FormulaObjective withFixed(FormulaObjective formula) {
    FormulaObjective result = formula;
    for (String name : fixedNames()) {
      int j = parameters().indexOf(name);
      if (formula.constants().contains(name)) {
        result = result.constant(name, space.starts().slice(j, 1));
      }
    }
    return result;
  }

  private List<String> fixedNames() {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < space.size(); j++) {
      if (space.isFixed(j)) {
        names.add(parameters().get(j));
      }
    }
    return names;
  }

  private FormulaObjective function(Constraint constraint) {
    Expression g = constraint.function();
    Map<String, Column> known = new LinkedHashMap<>();
    Set<String> allowed = new HashSet<>(parameters());
    if (objective instanceof FormulaObjective formula) {
      for (String name : formula.constants()) {
        allowed.add(name);
        if (g.symbols().contains(name)) {
          known.put(name, formula.constantValues(name).orElseThrow());
        }
      }
    }
    for (String name : g.symbols()) {
      if (!allowed.contains(name)) {
        throw new IllegalArgumentException(
            "symbol "
                + name
                + " of the constraint '"
                + constraint
                + "' is neither a parameter, of "
                + parameters()
                + ", nor a constant");
      }
    }
    for (String name : fixedNames()) {
      if (g.symbols().contains(name)) {
        known.put(name, space.starts().slice(parameters().indexOf(name), 1));
      }
    }
    if (known.keySet().containsAll(g.symbols())) {
      throw new IllegalArgumentException(
          "constraint '" + constraint + "' has no parameter that is free");
    }
    FormulaObjective result =
        FormulaObjective.of(g, freeParameters(), List.copyOf(known.keySet()), List.of());
    for (Map.Entry<String, Column> entry : known.entrySet()) {
      result = result.constant(entry.getKey(), entry.getValue());
    }
    return result;
  }

  /**
   * Starts a problem for an objective.
   *
   * @param objective what to minimise
   * @return a builder
   */
  public static Builder builder(Objective objective) {
    return new Builder(objective);
  }

  /**
   * What is minimised.
   *
   * @return the objective, of all parameters
   */
  public Objective objective() {
    return objective;
  }

  /**
   * What is minimised, with fixed parameters at their start values: what a method works on.
   *
   * @return an objective of the free parameters; it knows the derivatives that {@link #objective()}
   *     knows, and is a {@link FormulaObjective} if that is one
   */
  public Objective freeObjective() {
    return freeObjective;
  }

  /**
   * Whether f is a negative log-likelihood, so that its Hessian at the minimum tells the standard
   * errors of the parameters.
   *
   * @return true if that was said
   */
  public boolean isNegativeLogLikelihood() {
    return negativeLogLikelihood;
  }

  /**
   * The names of the parameters θ, fixed ones among them, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> parameters() {
    return objective.parameters();
  }

  /**
   * The names of the parameters that are free, in order.
   *
   * @return the names, not modifiable
   */
  public List<String> freeParameters() {
    List<String> names = new ArrayList<>();
    for (int j : free) {
      names.add(parameters().get(j));
    }
    return List.copyOf(names);
  }

  /**
   * The constraints, in the order in which they were given; bounds are not among them.
   *
   * @return the constraints, not modifiable
   */
  public List<Constraint> constraints() {
    return constraints;
  }

  /**
   * The functions g of the constraints, with fixed parameters at their start values.
   *
   * @return for each constraint a function of the free parameters, not modifiable
   */
  public List<FormulaObjective> constraintFunctions() {
    return constraintFunctions;
  }

  /**
   * Start values of all parameters, shared {@code [p]} or per problem {@code [B, p]}. A fixed
   * parameter keeps its start value.
   *
   * @return a column of p points
   */
  public Column starts() {
    return space.starts();
  }

  /**
   * Where the search of a problem begins.
   *
   * @param problem the problem, 0 to B-1
   * @return start values of the free parameters, in order, moved onto the bounds where they lie
   *     outside; a new array
   * @throws IndexOutOfBoundsException if there is no such problem
   */
  public double[] freeStart(long problem) {
    double[] all = new double[space.size()];
    space.starts().read(Objects.checkIndex(problem, problems), 0, all.length, all, 0);
    double[] lower = space.lower();
    double[] upper = space.upper();
    double[] start = new double[free.length];
    for (int k = 0; k < free.length; k++) {
      int j = free[k];
      start[k] = Math.max(lower[j], Math.min(upper[j], all[j]));
    }
    return start;
  }

  /**
   * Lower bounds.
   *
   * @return a copy, p values; -∞ where there is none
   */
  public double[] lower() {
    return space.lower();
  }

  /**
   * Upper bounds.
   *
   * @return a copy, p values; +∞ where there is none
   */
  public double[] upper() {
    return space.upper();
  }

  /**
   * Whether a free parameter has a bound.
   *
   * @return true if there is a finite bound to respect
   */
  public boolean bounded() {
    return space.bounded();
  }

  /**
   * Whether a parameter stays at its start value.
   *
   * @param parameter its index, 0 to p-1
   * @return true if it is fixed
   */
  public boolean isFixed(int parameter) {
    return space.isFixed(parameter);
  }

  /**
   * The number of parameters that are free.
   *
   * @return their number, at least 1
   */
  public int freeCount() {
    return free.length;
  }

  /**
   * Where the free parameters stand among all.
   *
   * @return their positions in order, a new array
   */
  public int[] freePositions() {
    return free.clone();
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
    return "minimise "
        + objective
        + (constraints.isEmpty()
            ? ""
            : " subject to "
                + String.join(", ", constraints.stream().map(Constraint::toString).toList()))
        + ": B = "
        + problems
        + ", p = "
        + space.size()
        + (free.length < space.size() ? " (" + free.length + " free)" : "");
  }

  /** Collects the parts of a problem; not safe for use by several threads. */
  public static final class Builder {

    private Objective objective;
    private final List<Constraint> constraints = new ArrayList<>();
    private Column starts;
    private double[] lower;
    private double[] upper;
    private boolean[] fixed;
    private boolean negativeLogLikelihood;

    private Builder(Objective objective) {
      this.objective = Objects.requireNonNull(objective, "objective");
    }

    /**
     * Gives a constant of a formula its values.
     *
     * @param name one of the objective's constants
     * @param values one value, shared or per problem
     * @return this builder
     * @throws IllegalArgumentException if the objective is no formula or has no such constant
     */
    public Builder constant(String name, Column values) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(values, "values");
      objective = formula("constant " + name).constant(name, values);
      return this;
    }

    /**
     * Gives a data column of a formula its values; the objective is the sum over the points.
     *
     * @param name one of the objective's columns
     * @param values n points, shared or per problem
     * @return this builder
     * @throws IllegalArgumentException if the objective is no formula or has no such column
     */
    public Builder column(String name, Column values) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(values, "values");
      objective = formula("column " + name).data(name, values);
      return this;
    }

    private FormulaObjective formula(String what) {
      if (objective instanceof FormulaObjective formula) {
        return formula;
      }
      throw new IllegalArgumentException(
          what + " is given, but the objective " + objective + " is no formula");
    }

    /**
     * Gives start values of all parameters; fixed ones keep theirs. A free parameter that would
     * start outside its bounds starts on them.
     *
     * @param values p points, shared or per problem
     * @return this builder
     */
    public Builder starts(Column values) {
      starts = Objects.requireNonNull(values, "values");
      return this;
    }

    /**
     * Gives bounds.
     *
     * @param lowerBounds p values, -∞ where there is none; not modified
     * @param upperBounds p values, +∞ where there is none; not modified
     * @return this builder
     * @throws IllegalArgumentException if a length is not p or a bound is NaN or out of order
     */
    public Builder bounds(double[] lowerBounds, double[] upperBounds) {
      Objects.requireNonNull(lowerBounds, "lowerBounds");
      Objects.requireNonNull(upperBounds, "upperBounds");
      ParameterSpace.checkBounds(objective.parameters(), lowerBounds, upperBounds);
      lower = lowerBounds.clone();
      upper = upperBounds.clone();
      return this;
    }

    /**
     * Says which parameters keep their start value.
     *
     * @param flags p flags, true for fixed; not modified
     * @return this builder
     * @throws IllegalArgumentException if the length is not p
     */
    public Builder fixed(boolean[] flags) {
      Objects.requireNonNull(flags, "flags");
      ParameterSpace.checkLength(objective.parameters(), "fixed", flags.length);
      fixed = flags.clone();
      return this;
    }

    /**
     * Adds constraints.
     *
     * @param list the constraints, on parameters and constants of the objective
     * @return this builder
     */
    public Builder constraints(List<Constraint> list) {
      constraints.addAll(List.copyOf(Objects.requireNonNull(list, "list")));
      return this;
    }

    /**
     * Says whether f is a negative log-likelihood, see {@link
     * org.nabla4j.result.BatchMinima#covariance(long)}.
     *
     * @param flag true if it is, with all its factors: −log L itself, not −2·log L nor a mean
     * @return this builder
     */
    public Builder negativeLogLikelihood(boolean flag) {
      negativeLogLikelihood = flag;
      return this;
    }

    /**
     * Checks everything and makes the problem.
     *
     * @return the problem
     * @throws IllegalArgumentException if something is missing or does not fit; the message has the
     *     name, the value and what was expected
     */
    public MinimizationProblem build() {
      return new MinimizationProblem(this);
    }
  }
}
