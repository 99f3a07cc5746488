package org.nabla4j.method;

import java.util.Objects;

/**
 * Gradient descent: steps along -∇f, as long as its {@link StepRule} says; bounds by projection.
 *
 * <p>The default rule is {@linkplain StepRule#barzilaiBorwein() Barzilai and Borwein's}: it needs
 * no tuning, takes one evaluation a step, and on ill-conditioned functions needs far fewer steps
 * than steepest descent with a line search.
 *
 * <p>An objective that is a {@linkplain org.nabla4j.objective.SummedObjective sum over data} can be
 * minimised with minibatches: each step sees some of the terms only, scaled to the whole sum. Every
 * epoch goes through all terms once, in an order shuffled anew, and ends with an evaluation of the
 * whole sum, on which alone convergence is tested and the best point is chosen; value and parameter
 * tolerance then compare two epochs.
 */
public final class GradientDescent extends MinimizationOptions<GradientDescent> {

  private static final GradientDescent DEFAULTS =
      new GradientDescent(Values.DEFAULTS, StepRule.barzilaiBorwein(), 0, 0);

  private final StepRule stepRule;
  private final int minibatchSize;
  private final long minibatchSeed;

  private GradientDescent(Values shared, StepRule stepRule, int minibatchSize, long minibatchSeed) {
    super(shared);
    this.stepRule = stepRule;
    this.minibatchSize = minibatchSize;
    this.minibatchSeed = minibatchSeed;
  }

  /**
   * The default options: steps of Barzilai and Borwein, no minibatches.
   *
   * @return the options
   */
  public static GradientDescent defaults() {
    return DEFAULTS;
  }

  @Override
  GradientDescent with(Values changed) {
    return new GradientDescent(changed, stepRule, minibatchSize, minibatchSeed);
  }

  /**
   * How long the steps are.
   *
   * @return the rule
   */
  public StepRule stepRule() {
    return stepRule;
  }

  /**
   * Terms in a minibatch.
   *
   * @return the size, 0 where every step sees the whole sum
   */
  public int minibatchSize() {
    return minibatchSize;
  }

  /**
   * Seed of the order in which the terms come.
   *
   * @return the seed
   */
  public long minibatchSeed() {
    return minibatchSeed;
  }

  /**
   * Changes how long the steps are.
   *
   * @param value the rule
   * @return a changed copy
   */
  public GradientDescent withStepRule(StepRule value) {
    return new GradientDescent(
        shared(), Objects.requireNonNull(value, "value"), minibatchSize, minibatchSeed);
  }

  /**
   * Uses minibatches. They need a rule with a rate: {@link StepRule.Fixed}, {@link
   * StepRule.Momentum}, {@link StepRule.Nesterov} with a rate, or {@link StepRule.Adam}.
   *
   * @param size terms in a minibatch, &gt; 0; or 0 to use the whole sum in every step
   * @param seed seed of the order in which the terms come: the same seed gives the same steps
   * @return a changed copy
   * @throws IllegalArgumentException if the size is negative
   */
  public GradientDescent withMinibatch(int size, long seed) {
    if (size < 0) {
      throw new IllegalArgumentException(
          "minibatchSize = " + size + ", expected >= 0 (0 uses the whole sum)");
    }
    return new GradientDescent(shared(), stepRule, size, seed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return 100_000;
  }

  @Override
  public String toString() {
    return describe(
        "gradient descent",
        ", stepRule="
            + stepRule
            + (minibatchSize == 0
                ? ""
                : ", minibatchSize=" + minibatchSize + ", minibatchSeed=" + minibatchSeed));
  }
}
