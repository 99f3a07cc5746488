package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
 * last their rounding (of the gradient in place of f for a Hessian). At a kink of f the differences
 * are no derivatives, and no derivative passes.
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
    double[] fine = NumericalDerivatives.gradient(objective, Scheme.RICHARDSON).gradient(theta);
    double[] coarse = NumericalDerivatives.gradient(objective, Scheme.CENTRAL).gradient(theta);
    for (int j = 0; j < p; j++) {
      double tolerance =
          tolerance(
              gradient[j],
              fine[j],
              coarse[j],
              Math.abs(plain),
              theta[j],
              NumericalDerivatives.NOISE);
      compare("∂f/∂" + names.get(j), gradient[j], fine[j], tolerance, wrong);
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
    double[][] fine = NumericalDerivatives.hessian(slopes, Scheme.RICHARDSON).hessian(theta);
    double[][] coarse = NumericalDerivatives.hessian(slopes, Scheme.CENTRAL).hessian(theta);
    double[] v = new double[p];
    for (int i = 0; i < p; i++) {
      // No two alike and of both signs, so that no column or sign goes unnoticed.
      v[i] = (i % 2 == 0 ? 1 : -1) * (1 + i / (double) p);
      for (int j = 0; j < p; j++) {
        double size = Math.max(Math.abs(gradient[i]), Math.abs(gradient[j]));
        double shorter = Math.min(Math.abs(theta[i]), Math.abs(theta[j]));
        double tolerance = tolerance(coded[i][j], fine[i][j], coarse[i][j], size, shorter, noise);
        String name = "∂²f/∂" + names.get(i) + "∂" + names.get(j);
        compare(name, coded[i][j], fine[i][j], tolerance, wrong);
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

  private static double tolerance(
      double coded, double fine, double coarse, double size, double theta, double noise) {
    double h = Scheme.RICHARDSON.step(theta, noise);
    return DOUBT * Math.abs(fine - coarse)
        + RELATIVE * Math.max(Math.abs(coded), Math.abs(fine))
        + ROUNDING * noise * Math.max(size, 1) / h;
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
