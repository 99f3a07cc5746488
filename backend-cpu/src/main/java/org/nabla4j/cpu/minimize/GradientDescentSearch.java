package org.nabla4j.cpu.minimize;

import java.util.Random;
import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.StepRule;

/** Gradient descent, with minibatches if wanted. */
final class GradientDescentSearch extends DescentSearch {

  /**
   * Steps without a new lowest value before the rate is halved; with momentum β it is 1/(1 - β)
   * times as many, for that is how long a step is remembered.
   */
  private static final int PATIENCE = 100;

  /** The momentum that Nesterov's rule and Adam are taken to have. */
  private static final double USUAL_MOMENTUM = 0.9;

  /** The same in epochs, with minibatches. */
  private static final int PATIENT_EPOCHS = 5;

  private final int size;

  /** The terms in the order of this epoch; null without minibatches. */
  private final int[] order;

  private final Random random;
  private int from;

  /** Whether the whole sum is needed next, between two epochs. */
  private boolean whole = true;

  /**
   * A search that always sees the whole objective.
   *
   * @throws IllegalArgumentException if the method uses minibatches
   */
  GradientDescentSearch(GradientDescent method, double[] start, double[] lower, double[] upper) {
    this(method, start, lower, upper, 0);
  }

  /**
   * A search over a sum.
   *
   * @param terms terms of the sum, or 0 for an objective that is none
   * @throws IllegalArgumentException if the method uses minibatches and the objective is no sum, or
   *     the rule of the steps needs the whole of it
   */
  GradientDescentSearch(
      GradientDescent method, double[] start, double[] lower, double[] upper, int terms) {
    super(method, start, lower, upper, steps(method, start, lower, upper, terms));
    boolean batches = method.minibatchSize() > 0;
    if (batches && terms < 1) {
      throw new IllegalArgumentException(
          "minibatchSize = "
              + method.minibatchSize()
              + ", expected 0: the objective is not a SummedObjective");
    }
    boolean blind = steps instanceof RateSteps && !method.stepRule().equals(StepRule.nesterov());
    if (batches && !blind) {
      throw new IllegalArgumentException(
          "stepRule = "
              + method.stepRule()
              + ", expected a rule with a rate where minibatches are used: fixed, momentum,"
              + " nesterov with a rate, or adam");
    }
    this.size = Math.min(method.minibatchSize(), Math.max(terms, 0));
    this.order = batches ? new int[terms] : null;
    this.random = new Random(method.minibatchSeed());
    for (int k = 0; batches && k < terms; k++) {
      order[k] = k;
    }
  }

  private static Steps steps(
      GradientDescent method, double[] start, double[] lower, double[] upper, int terms) {
    StepRule rule = method.stepRule();
    int patience = patience(method, terms);
    if (rule instanceof StepRule.Fixed fixed) {
      return new MomentumSteps(start, lower, upper, fixed.rate(), 0, patience);
    }
    if (rule instanceof StepRule.Momentum heavy) {
      return new MomentumSteps(start, lower, upper, heavy.rate(), heavy.momentum(), patience);
    }
    if (rule instanceof StepRule.Nesterov nesterov) {
      return new NesterovSteps(start, lower, upper, nesterov.rate(), patience);
    }
    if (rule instanceof StepRule.Adam adam) {
      return new AdamSteps(adam, start, lower, upper, patience);
    }
    if (rule instanceof StepRule.Backtracking) {
      return new BacktrackingSteps(start, lower, upper);
    }
    if (rule instanceof StepRule.StrongWolfe) {
      return new SteepestSteps(start, lower, upper);
    }
    return new SpectralSteps(start, lower, upper);
  }

  private static int patience(GradientDescent method, int terms) {
    double steps = PATIENCE / (1 - USUAL_MOMENTUM);
    if (method.stepRule() instanceof StepRule.Fixed) {
      steps = PATIENCE;
    } else if (method.stepRule() instanceof StepRule.Momentum heavy) {
      steps = PATIENCE / (1 - heavy.momentum());
    }
    if (method.minibatchSize() > 0) {
      steps = PATIENT_EPOCHS * Math.ceil((double) terms / method.minibatchSize());
    }
    return (int) steps;
  }

  @Override
  int[] selection() {
    return whole ? null : order;
  }

  @Override
  int selectionFrom() {
    return from;
  }

  @Override
  int selectionTo() {
    return Math.min(from + size, order.length);
  }

  @Override
  void tell(double value, double[] gradient, double[] hessian) {
    if (order == null) {
      super.tell(value, gradient, hessian);
      return;
    }
    if (value < WolfeLineSearch.BOTTOM) {
      fell(value, gradient);
      return;
    }
    if (steps.tell(value, gradient) == Steps.Outcome.OUTSIDE) {
      leave(value);
      return;
    }
    if (whole) {
      arrive();
      shuffle();
      from = 0;
      whole = false;
      return;
    }
    int to = selectionTo();
    Vectors.scale((double) order.length / (to - from), steps.gradient());
    steps.advance();
    from = to;
    whole = countStep() || from == order.length;
  }

  /** A random order, each as likely as any other (Fisher and Yates; Durstenfeld 1964). */
  private void shuffle() {
    for (int k = order.length - 1; k > 0; k--) {
      int other = random.nextInt(k + 1);
      int term = order[k];
      order[k] = order[other];
      order[other] = term;
    }
  }
}
