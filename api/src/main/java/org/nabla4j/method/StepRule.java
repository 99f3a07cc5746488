package org.nabla4j.method;

/**
 * How far {@link GradientDescent} goes along -∇f, and what it remembers of earlier steps.
 * Immutable.
 *
 * <p>Rules that look for a length ({@link #backtracking}, {@link #strongWolfe}, {@link
 * #barzilaiBorwein} and {@link #nesterov()}) need no tuning. Rules with a rate (the others) step
 * blindly and take one evaluation a step; they also work with minibatches. Their rate is a start:
 * it is halved, and the search returns to the best point so far, whenever f is not finite or has
 * had no new lowest value for 100 steps (100/(1 - momentum) with momentum, 1000 with Nesterov's
 * rule and Adam; 5 epochs with minibatches).
 */
public sealed interface StepRule {

  /**
   * Steps -rate·g of the same rate. Converges on convex f if rate &lt; 2/L, with L the largest
   * curvature.
   *
   * @param rate finite and &gt; 0
   */
  record Fixed(double rate) implements StepRule {
    /**
     * Checks the rate.
     *
     * @param rate finite and &gt; 0
     * @throws IllegalArgumentException if it is out of range
     */
    public Fixed {
      Checks.positive("rate", rate);
    }
  }

  /**
   * Steps that halve, about, until f has fallen by 10⁻⁴ of what the gradient predicts (Armijo
   * 1966); the next first trial is twice as long as the last step.
   */
  record Backtracking() implements StepRule {}

  /** Steps that meet the strong Wolfe conditions (Wolfe 1969; Moré and Thuente 1994). */
  record StrongWolfe() implements StepRule {}

  /**
   * Steps of the lengths sᵀs/sᵀy or sᵀy/yᵀy (Barzilai and Borwein 1988), s and y being the last
   * changes of θ and of the gradient, as Zhou, Gao and Dai (2006) choose between them; f must fall
   * below its largest value of the last ten steps (Raydan 1997). With bounds the step is projected
   * (Birgin, Martínez and Raydan 2000).
   */
  record BarzilaiBorwein() implements StepRule {}

  /**
   * Heavy ball (Polyak 1964): v ← momentum·v - rate·g, θ ← θ + v.
   *
   * @param rate finite and &gt; 0
   * @param momentum 0 ≤ momentum &lt; 1
   */
  record Momentum(double rate, double momentum) implements StepRule {
    /**
     * Checks the values.
     *
     * @param rate finite and &gt; 0
     * @param momentum 0 ≤ momentum &lt; 1
     * @throws IllegalArgumentException if one is out of range
     */
    public Momentum {
      Checks.positive("rate", rate);
      Checks.tolerance("momentum", momentum);
    }
  }

  /**
   * Nesterov's accelerated gradients (1983), restarted whenever the momentum points uphill
   * (O'Donoghue and Candès 2015).
   *
   * @param rate finite and &gt; 0; or 0 to find the length by backtracking (Beck and Teboulle 2009;
   *     it may grow again as in Scheinberg, Goldfarb and Bai 2014), which takes one more value of f
   *     a step
   */
  record Nesterov(double rate) implements StepRule {
    /**
     * Checks the rate.
     *
     * @param rate finite and &gt; 0, or 0
     * @throws IllegalArgumentException if it is out of range
     */
    public Nesterov {
      if (rate != 0) {
        Checks.positive("rate", rate);
      }
    }
  }

  /**
   * Adam (Kingma and Ba 2015): with running means of the gradient and of its square, both corrected
   * for their start at 0,
   *
   * <pre>
   *   m ← β₁m + (1-β₁)g,  v ← β₂v + (1-β₂)g²,  θ ← θ - rate·m̂/(√v̂ + ε)
   * </pre>
   *
   * @param rate finite and &gt; 0
   * @param beta1 β₁, 0 ≤ β₁ &lt; 1
   * @param beta2 β₂, 0 ≤ β₂ &lt; 1
   * @param epsilon ε, finite and &gt; 0
   */
  record Adam(double rate, double beta1, double beta2, double epsilon) implements StepRule {
    /**
     * Checks the values.
     *
     * @param rate finite and &gt; 0
     * @param beta1 β₁, 0 ≤ β₁ &lt; 1
     * @param beta2 β₂, 0 ≤ β₂ &lt; 1
     * @param epsilon ε, finite and &gt; 0
     * @throws IllegalArgumentException if one is out of range
     */
    public Adam {
      Checks.positive("rate", rate);
      Checks.tolerance("beta1", beta1);
      Checks.tolerance("beta2", beta2);
      Checks.positive("epsilon", epsilon);
    }
  }

  /**
   * Steps of one rate.
   *
   * @param rate finite and &gt; 0
   * @return the rule
   * @throws IllegalArgumentException if the rate is out of range
   */
  static StepRule fixed(double rate) {
    return new Fixed(rate);
  }

  /**
   * Steps found by backtracking.
   *
   * @return the rule
   */
  static StepRule backtracking() {
    return new Backtracking();
  }

  /**
   * Steps that meet the strong Wolfe conditions.
   *
   * @return the rule
   */
  static StepRule strongWolfe() {
    return new StrongWolfe();
  }

  /**
   * Steps of Barzilai and Borwein.
   *
   * @return the rule
   */
  static StepRule barzilaiBorwein() {
    return new BarzilaiBorwein();
  }

  /**
   * Steps with momentum.
   *
   * @param rate finite and &gt; 0
   * @param momentum 0 ≤ momentum &lt; 1
   * @return the rule
   * @throws IllegalArgumentException if a value is out of range
   */
  static StepRule momentum(double rate, double momentum) {
    return new Momentum(rate, momentum);
  }

  /**
   * Nesterov's accelerated gradients with a length found by backtracking.
   *
   * @return the rule
   */
  static StepRule nesterov() {
    return new Nesterov(0);
  }

  /**
   * Nesterov's accelerated gradients.
   *
   * @param rate finite and &gt; 0; at most 1/L, with L the largest curvature, to be stable
   * @return the rule
   * @throws IllegalArgumentException if the rate is out of range
   */
  static StepRule nesterov(double rate) {
    Checks.positive("rate", rate);
    return new Nesterov(rate);
  }

  /**
   * Adam with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
   *
   * @param rate finite and &gt; 0
   * @return the rule
   * @throws IllegalArgumentException if the rate is out of range
   */
  static StepRule adam(double rate) {
    return new Adam(rate, 0.9, 0.999, 1e-8);
  }

  /**
   * Adam.
   *
   * @param rate finite and &gt; 0
   * @param beta1 β₁, 0 ≤ β₁ &lt; 1
   * @param beta2 β₂, 0 ≤ β₂ &lt; 1
   * @param epsilon ε, finite and &gt; 0
   * @return the rule
   * @throws IllegalArgumentException if a value is out of range
   */
  static StepRule adam(double rate, double beta1, double beta2, double epsilon) {
    return new Adam(rate, beta1, beta2, epsilon);
  }
}
