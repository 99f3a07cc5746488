package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowColumns;

/**
 * B nonlinear least-squares problems of one shape: for each, minimise ½Σ_k ρ((r_k(θ)/σ_k)²) over θ
 * within lower ≤ θ ≤ upper, where r = prediction - response over n data points.
 *
 * <p>Everything is checked by {@link Builder#build()}, so that a problem that exists makes sense:
 * names match, shapes agree, bounds are ordered, and every start value lies within its bounds. What
 * can only be wrong for single problems of a batch (a NaN among the data, a σ or weight out of
 * range, too few points left) shows in their status instead, see {@link MissingData}. Immutable,
 * but for the arrays behind the columns, which are not copied.
 */
public final class LeastSquaresProblem {

  private final ResidualModel model;
  private final List<Column> columns;
  private final Column sigma;
  private final Column weights;
  private final SigmaKind sigmaKind;
  private final ParameterSpace space;
  private final Loss loss;
  private final MissingData missingData;
  private final Precision precision;
  private final long problems;
  private final long points;
  private final RowColumns table;

  private LeastSquaresProblem(Builder builder) {
    model = builder.model;
    columns = builder.orderedColumns();
    sigma = builder.sigma;
    weights = builder.weights;
    sigmaKind = builder.sigmaKind;
    loss = builder.loss;
    missingData = builder.missingData;
    points = builder.commonPoints(columns);
    space =
        new ParameterSpace(
            model.parameters(),
            builder.starts,
            builder.lower,
            builder.upper,
            builder.fixed,
            "fit",
            true);
    problems = builder.commonProblems(columns);
    precision =
        builder.precision != null
            ? builder.precision
            : columns.stream().allMatch(Column::isFloat) ? Precision.SINGLE : Precision.DOUBLE;
    table = commonTable();
    checkSpread();
  }

  /** The table of all columns; a table that is not in memory goes with no others. */
  private RowColumns commonTable() {
    List<Column> all = new ArrayList<>(columns);
    Optional.ofNullable(sigma != null ? sigma : weights).ifPresent(all::add);
    List<RowColumns> tables = all.stream().flatMap(c -> c.table().stream()).distinct().toList();
    boolean one = tables.size() == 1 && all.stream().allMatch(c -> c.table().isPresent());
    for (RowColumns streamed : tables) {
      if (!streamed.inMemory() && !one) {
        throw new IllegalArgumentException(
            "columns are of "
                + streamed
                + " and others, expected all data, sigma and weights in one table of that many"
                + " rows");
      }
      if (!streamed.inMemory() && model instanceof CodedModel) {
        throw new IllegalArgumentException(
            "the model "
                + model
                + " is Java code, which takes all points at once, but the "
                + streamed.count()
                + " rows of "
                + streamed.rows().description()
                + " are not in memory: give arrays, or a formula");
      }
    }
    return one ? tables.get(0) : null;
  }

  /**
   * Starts a problem for a model.
   *
   * @param model the model
   * @return a builder
   */
  public static Builder builder(ResidualModel model) {
    return new Builder(model);
  }

  /**
   * σ and weights of one row are checked here; with a row per problem a fault is that problem's,
   * and in a table it is found when its rows are read.
   */
  private void checkSpread() {
    Column spread = sigma != null ? sigma : weights;
    if (spread == null || spread.problems() > 1 || table != null) {
      return;
    }
    double[] buffer = new double[(int) Math.min(points, 4096)];
    for (long from = 0; from < points; from += buffer.length) {
      int count = (int) Math.min(buffer.length, points - from);
      spread.read(0, from, count, buffer, 0);
      for (int i = 0; i < count; i++) {
        double value = buffer[i];
        boolean missing = missingData == MissingData.OMIT && Double.isNaN(value);
        if (!missing && !isSpread(sigma != null, value)) {
          throw new IllegalArgumentException(
              (sigma != null ? "sigma[" : "weights[")
                  + (from + i)
                  + "] = "
                  + value
                  + ", expected a finite value "
                  + (sigma != null ? "> 0" : ">= 0")
                  + (Double.isNaN(value)
                      ? "; leave such points out with missing(MissingData.OMIT)"
                      : ""));
        }
      }
    }
  }

  /**
   * The model.
   *
   * @return the model
   */
  public ResidualModel model() {
    return model;
  }

  /**
   * The names of the parameters θ, fixed ones among them, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> parameters() {
    return model.parameters();
  }

  /**
   * The data columns, in the order of {@link ResidualModel#columns()}.
   *
   * @return the columns, not modifiable
   */
  public List<Column> columns() {
    return columns;
  }

  /**
   * The data column of a name.
   *
   * @param name a name out of {@link ResidualModel#columns()}
   * @return its column
   * @throws IllegalArgumentException if there is none of that name
   */
  public Column column(String name) {
    Objects.requireNonNull(name, "name");
    int index = model.columns().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "no column " + name + ", expected one of " + model.columns());
    }
    return columns.get(index);
  }

  /**
   * The table that the data are of, σ and weights among them.
   *
   * @return the table if all are of one
   */
  public Optional<RowColumns> table() {
    return Optional.ofNullable(table);
  }

  /**
   * Whether a value can be a σ, finite and &gt; 0, or a weight, finite and ≥ 0: the one rule for
   * all data.
   *
   * @param isSigma true for σ, false for a weight
   * @param value the value
   * @return whether it can; false for NaN
   */
  public static boolean isSpread(boolean isSigma, double value) {
    return value < Double.POSITIVE_INFINITY && (isSigma ? value > 0 : value >= 0);
  }

  /**
   * The standard deviations σ of the points, if given; then there are no weights.
   *
   * @return a column of n points, shared or per problem
   */
  public Optional<Column> sigma() {
    return Optional.ofNullable(sigma);
  }

  /**
   * The weights 1/σ² of the points, if given; then there is no sigma.
   *
   * @return a column of n points, shared or per problem
   */
  public Optional<Column> weights() {
    return Optional.ofNullable(weights);
  }

  /**
   * Whether the covariance is H⁻¹ as it stands or scaled by χ²/(n-p).
   *
   * @return as given with σ or weights; {@link SigmaKind#RELATIVE} without either
   */
  public SigmaKind sigmaKind() {
    return sigmaKind;
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
    return space.freeCount();
  }

  /**
   * How squared residuals count.
   *
   * @return the loss
   */
  public Loss loss() {
    return loss;
  }

  /**
   * What a NaN in the data, σ or weights means.
   *
   * @return the policy
   */
  public MissingData missingData() {
    return missingData;
  }

  /**
   * The arithmetic in which the model is evaluated.
   *
   * @return as set; else single where every column of the model, the response among them, is of
   *     type float, and double otherwise; σ, weights and start values do not decide
   */
  public Precision precision() {
    return precision;
  }

  /**
   * The number of problems B.
   *
   * @return B, 1 to 2³¹-9
   */
  public long problems() {
    return problems;
  }

  /**
   * The number of data points n of each problem, missing ones included.
   *
   * @return n
   */
  public long points() {
    return points;
  }

  @Override
  public String toString() {
    return model
        + ": B = "
        + problems
        + ", n = "
        + points
        + ", p = "
        + parameters().size()
        + (freeCount() < space.size() ? " (" + freeCount() + " free)" : "");
  }

  /** Collects the parts of a problem; not safe for use by several threads. */
  public static final class Builder {

    private final ResidualModel model;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private Column sigma;
    private Column weights;
    private SigmaKind sigmaKind = SigmaKind.RELATIVE;
    private Column starts;
    private double[] lower;
    private double[] upper;
    private boolean[] fixed;
    private Loss loss = Loss.linear();
    private MissingData missingData = MissingData.REFUSE;
    private Precision precision;

    private Builder(ResidualModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * Gives a data column, the response among them.
     *
     * @param name a name out of {@link ResidualModel#columns()}
     * @param values its values
     * @return this builder
     * @throws IllegalArgumentException if the model has no such column
     */
    public Builder column(String name, Column values) {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(values, "values");
      if (!model.columns().contains(name)) {
        throw new IllegalArgumentException(
            "column " + name + " is not one of the model's columns " + model.columns());
      }
      columns.put(name, values);
      return this;
    }

    /**
     * Gives the standard deviations of the points.
     *
     * @param values σ &gt; 0 and finite, n points, shared or per problem
     * @param kind whether σ is known in the units of the response or up to a factor
     * @return this builder
     */
    public Builder sigma(Column values, SigmaKind kind) {
      sigma = Objects.requireNonNull(values, "values");
      weights = null;
      sigmaKind = Objects.requireNonNull(kind, "kind");
      return this;
    }

    /**
     * Gives the weights of the points.
     *
     * @param values 1/σ² ≥ 0 and finite, n points, shared or per problem; 0 leaves a point out of
     *     the sums but not out of n, the points that the degrees of freedom count: mark it with a
     *     NaN and set {@link MissingData#OMIT} where it should not count
     * @param kind whether σ is known in the units of the response or up to a factor
     * @return this builder
     */
    public Builder weights(Column values, SigmaKind kind) {
      weights = Objects.requireNonNull(values, "values");
      sigma = null;
      sigmaKind = Objects.requireNonNull(kind, "kind");
      return this;
    }

    /**
     * Gives start values of all parameters; fixed ones keep theirs. A free parameter must start
     * within its bounds, on them included, in every problem.
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
      ParameterSpace.checkBounds(model.parameters(), lowerBounds, upperBounds);
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
      ParameterSpace.checkLength(model.parameters(), "fixed", flags.length);
      fixed = flags.clone();
      return this;
    }

    /**
     * Sets how squared residuals count; linear unless set.
     *
     * @param value the loss
     * @return this builder
     */
    public Builder loss(Loss value) {
      loss = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Sets what a NaN means; {@link MissingData#REFUSE} unless set.
     *
     * @param value the policy
     * @return this builder
     */
    public Builder missingData(MissingData value) {
      missingData = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Sets the arithmetic; unless set, single where every column of the model, the response among
     * them, is of type float. σ, weights and start values do not decide: of type double they are
     * rounded to float where the model is computed in single precision.
     *
     * @param value the precision
     * @return this builder
     */
    public Builder precision(Precision value) {
      precision = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Checks everything and makes the problem.
     *
     * @return the problem
     * @throws IllegalArgumentException if something is missing or does not fit; the message has the
     *     name, the value and what was expected
     */
    public LeastSquaresProblem build() {
      return new LeastSquaresProblem(this);
    }

    private List<Column> orderedColumns() {
      for (String name : model.columns()) {
        if (!columns.containsKey(name)) {
          throw new IllegalArgumentException(
              "no data for column " + name + " of the model " + model);
        }
      }
      return model.columns().stream().map(columns::get).toList();
    }

    private long commonPoints(List<Column> ordered) {
      long n = ordered.get(0).points();
      for (int c = 0; c < ordered.size(); c++) {
        checkPoints("column " + model.columns().get(c), ordered.get(c), n);
      }
      if (sigma != null) {
        checkPoints("sigma", sigma, n);
      }
      if (weights != null) {
        checkPoints("weights", weights, n);
      }
      if (n == 0) {
        throw new IllegalArgumentException("the data columns have 0 points, expected at least 1");
      }
      return n;
    }

    private void checkPoints(String name, Column column, long n) {
      if (column.points() != n) {
        throw new IllegalArgumentException(
            name
                + " has "
                + column.points()
                + " points, expected "
                + n
                + " as in column "
                + model.columns().get(0));
      }
    }

    private long commonProblems(List<Column> ordered) {
      LinkedHashMap<String, Column> named = new LinkedHashMap<>();
      for (int c = 0; c < ordered.size(); c++) {
        named.put("column " + model.columns().get(c), ordered.get(c));
      }
      named.put("starts", starts);
      if (sigma != null) {
        named.put("sigma", sigma);
      }
      if (weights != null) {
        named.put("weights", weights);
      }
      return ParameterSpace.commonProblems(named);
    }
  }
}
