package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.nabla4j.objective.NumericalDerivatives.Scheme;

/**
 * Compares the derivatives that an objective gives with finite differences, entry by entry.
 *
 * <pre>{@code
 * DerivativeCheck.of(objective, 0.3, -1.2).requireCorrect();
 * }</pre>
 *
 * <p>The gradient is compared with Richardson differences of f, the Hessian with those of the
 * gradient that the objective itself gives (if that is right, else of its differences), and
 * products with the Hessian with that Hessian. An entry is right if it is within
 *
 * <pre>
 *   10·|Richardson − central| + 10⁻⁷·max(|entry|, |difference|) + 10³·ε·max(|f|, 1)/h
 * </pre>
 *
 * <p>of the difference: the first term is what the differences themselves are in doubt about, the
 * last their rounding (of the gradient in place of f for a Hessian). Steps h are shortened until
 * all points are in the domain and both differences agree; an entry that no step does that for is
 * off, with NaN for the difference. At a kink of f the differences are no derivatives, and no
 * derivative passes.
 */
public final class DerivativeCheck {

  /** Share of an entry that nobody would get wrong by mistake. */
  private static final double RELATIVE = 1e-7;

  private static final double DOUBT = 10;
  private static final double ROUNDING = 1e3;

  /**
   * An entry that is off.
   *
   * @param name such as {@code ∂f/∂a} or {@code ∂²f/∂a∂b}
   * @param coded what the objective gives
   * @param difference what the differences give
   * @param tolerance the largest distance that would have been right
   */
  public record Entry(String name, double coded, double difference, double tolerance) {

    /**
     * Checks the name.
     *
     * @param name such as {@code ∂f/∂a}
     * @param coded what the objective gives
     * @param difference what the differences give
     * @param tolerance the largest distance that would have been right
     */
    public Entry {
      Objects.requireNonNull(name, "name");
    }

    /** The entry with both values, on one line. */
    @Override
    public String toString() {
      if (Double.isNaN(difference)) {
        return name + " cannot be checked: the function is not finite on both sides of the point";
      }
      return String.format(
          Locale.ROOT,
          "%s = %.10g, differences give %.10g ± %.1e",
          name,
          coded,
          difference,
          tolerance);
    }
  }

  private final List<Entry> wrong;
  private final int entries;

  private DerivativeCheck(List<Entry> wrong, int entries) {
    this.wrong = List.copyOf(wrong);
    this.entries = entries;
  }

  /**
   * Checks at one point, as for problem 0: the gradient, and Hessian and products if the objective
   * knows them.
   *
   * @param objective whose derivatives
   * @param theta p parameters, away from kinks; not modified
   * @return the outcome
   * @throws IllegalArgumentException if there are not p parameters, or f is not finite there
   */
  public static DerivativeCheck of(DifferentiableObjective objective, double... theta) {
    Objects.requireNonNull(objective, "objective");
    Points point = ArrayPoints.of(objective, theta);
    int p = theta.length;
    List<String> names = objective.parameters();
    List<Entry> wrong = new ArrayList<>();
    double[] value = new double[1];
    double[] gradient = new double[p];
    objective.gradients(point, value, gradient);
    double plain = objective.value(theta);
    if (!Double.isFinite(plain)) {
      throw new IllegalArgumentException("f = " + plain + " at the point, expected a finite value");
    }
    int entries = p + 1;
    double equal = ROUNDING * NumericalDerivatives.NOISE * Math.max(Math.abs(plain), 1);
    compare("f beside ∇f", value[0], plain, equal, wrong);
    UnaryOperator<double[]> f = t -> new double[] {objective.value(t)};
    for (int j = 0; j < p; j++) {
      Slopes slopes = Slopes.of(f, new double[] {plain}, theta, j, NumericalDerivatives.NOISE);
      compare("∂f/∂" + names.get(j), gradient[j], slopes, 0, wrong);
    }
    if (objective instanceof TwiceDifferentiableObjective twice) {
      entries += p * p + p;
      checkHessian(twice, point, wrong);
    }
    return new DerivativeCheck(wrong, entries);
  }

  private static void checkHessian(
      TwiceDifferentiableObjective objective, Points point, List<Entry> wrong) {
    double[] theta = point.theta();
    int p = theta.length;
    List<String> names = objective.parameters();
    // A gradient that is off would put the blame on a Hessian that is right.
    boolean trusted = wrong.isEmpty();
    DifferentiableObjective slopes =
        trusted ? objective : NumericalDerivatives.gradient(objective, Scheme.RICHARDSON);
    double noise =
        trusted ? NumericalDerivatives.NOISE : Scheme.RICHARDSON.error(NumericalDerivatives.NOISE);
    double[] gradient = slopes.gradient(theta);
    double[][] coded = objective.hessian(theta);
    Slopes[] columns = new Slopes[p];
    for (int j = 0; j < p; j++) {
      columns[j] = Slopes.of(slopes::gradient, gradient, theta, j, noise);
    }
    double[] v = new double[p];
    for (int i = 0; i < p; i++) {
      // No two alike and of both signs, so that no column or sign goes unnoticed.
      v[i] = (i % 2 == 0 ? 1 : -1) * (1 + i / (double) p);
      for (int j = 0; j < p; j++) {
        String name = "∂²f/∂" + names.get(i) + "∂" + names.get(j);
        // either order of the two derivatives will do, so the one in less doubt is taken
        boolean swap = columns[i].doubt[j] < columns[j].doubt[i];
        compare(name, coded[i][j], columns[swap ? i : j], swap ? j : i, wrong);
      }
    }
    double[] product = new double[p];
    objective.hessianProducts(point, v, product);
    for (int i = 0; i < p; i++) {
      double sum = 0;
      double size = 0;
      for (int j = 0; j < p; j++) {
        sum += coded[i][j] * v[j];
        size += Math.abs(coded[i][j] * v[j]);
      }
      compare("(H·v) of " + names.get(i), product[i], sum, RELATIVE * size, wrong);
    }
  }

  /** Richardson differences along one axis, each of the step that leaves it in the least doubt. */
  private static final class Slopes {

    /** Times that the step is made shorter. */
    private static final int STEPS = 20;

    private static final double SHORTER = 1.0 / 8;

    /** Both differences agree so well that no shorter step is tried. */
    private static final double AGREE = 1e-6;

    /** NaN where no step leaves both sides finite. */
    final double[] fine;

    /** |Richardson − central| and rounding, with their factors. */
    final double[] doubt;

    private Slopes(int length) {
      fine = new double[length];
      doubt = new double[length];
      Arrays.fill(fine, Double.NaN);
      Arrays.fill(doubt, Double.POSITIVE_INFINITY);
    }

    /**
     * Takes differences.
     *
     * @param f a function of the parameters
     * @param at its values at the point
     * @param theta the point
     * @param j the axis
     * @param noise relative rounding error of f
     */
    static Slopes of(UnaryOperator<double[]> f, double[] at, double[] theta, int j, double noise) {
      Slopes slopes = new Slopes(at.length);
      double[] moved = theta.clone();
      double[][] values = new double[Scheme.RICHARDSON.evaluations()][];
      double[] some = new double[values.length];
      double h = Scheme.RICHARDSON.step(theta[j], noise);
      boolean done = false;
      for (int step = 0; step <= STEPS && !done; step++, h *= SHORTER) {
        // half of it, too, moves the parameter by just that much
        double exact = 2 * (theta[j] + h / 2 - theta[j]);
        if (exact < 1024 * Math.ulp(theta[j])) {
          break;
        }
        for (int k = 0; k < values.length; k++) {
          moved[j] = theta[j] + Scheme.RICHARDSON.offset(k) * exact;
          values[k] = f.apply(moved.clone());
        }
        done = true;
        for (int i = 0; i < at.length; i++) {
          double sum = 0;
          for (int k = 0; k < values.length; k++) {
            some[k] = values[k][i];
            sum += 0 * some[k];
          }
          done &= sum == 0 && slopes.take(i, at[i], some, exact, noise);
        }
      }
      return slopes;
    }

    /** Whether both differences agree. */
    private boolean take(int i, double at, double[] some, double h, double noise) {
      double size = Math.max(Math.abs(at), 1);
      double slope = Scheme.RICHARDSON.derivative(at, some, h);
      double apart = Math.abs(slope - Scheme.CENTRAL.derivative(at, some, h));
      double total = DOUBT * apart + ROUNDING * noise * size / h;
      if (total < doubt[i]) {
        doubt[i] = total;
        fine[i] = slope;
      }
      return apart <= AGREE * Math.max(Math.abs(slope), size);
    }
  }

  private static void compare(String name, double coded, Slopes slopes, int i, List<Entry> wrong) {
    double fine = slopes.fine[i];
    double tolerance = slopes.doubt[i] + RELATIVE * Math.max(Math.abs(coded), Math.abs(fine));
    compare(name, coded, fine, tolerance, wrong);
  }

  /** NaN is never within any tolerance. */
  private static void compare(
      String name, double coded, double difference, double tolerance, List<Entry> wrong) {
    if (!(Math.abs(coded - difference) <= tolerance)) {
      wrong.add(new Entry(name, coded, difference, tolerance));
    }
  }

  /**
   * Whether every entry is right.
   *
   * @return true if none is off
   */
  public boolean passed() {
    return wrong.isEmpty();
  }

  /**
   * The entries that are off.
   *
   * @return the entries, the gradient first, not modifiable
   */
  public List<Entry> wrong() {
    return wrong;
  }

  /**
   * Throws unless every entry is right.
   *
   * @throws IllegalStateException if one is off; the message names those that are, with both values
   *     and the tolerance
   */
  public void requireCorrect() {
    if (!passed()) {
      throw new IllegalStateException(toString());
    }
  }

  /** What was found: a line that counts, then one for each entry that is off, 20 at most. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(wrong.size()).append(" of ").append(entries).append(" derivatives are off");
    for (Entry entry : wrong.subList(0, Math.min(wrong.size(), 20))) {
      text.append("\n  ").append(entry);
    }
    return text.append(wrong.size() > 20 ? "\n  …" : "").toString();
  }
}
