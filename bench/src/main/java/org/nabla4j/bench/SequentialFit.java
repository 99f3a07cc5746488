package org.nabla4j.bench;

import java.util.Arrays;

/** What fits with peers have in common, whose types are alike but not the same. */
abstract class SequentialFit implements Peer.PeerFit {

  private final BenchProblem problem;
  private final Class<? extends RuntimeException> failure;

  /**
   * Prepares.
   *
   * @param failure what the peer throws where it gives up
   */
  SequentialFit(BenchProblem problem, Class<? extends RuntimeException> failure) {
    this.problem = problem;
    this.failure = failure;
  }

  /** Predictions and their derivatives, in new arrays as the peers want them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Evaluation(double[] values, double[][] jacobian) {}

  final Evaluation evaluate(double[] theta) {
    double[] values = new double[problem.points()];
    double[][] jacobian = new double[values.length][problem.parameters()];
    problem.model().evaluate(theta, problem.x(), values, jacobian);
    return new Evaluation(values, jacobian);
  }

  @Override
  public final int solve(int fit, double[] theta) {
    int limit = Peer.evaluationLimit(problem);
    try {
      return optimize(problem.start(fit), problem.response(fit), limit, theta);
    } catch (RuntimeException e) {
      if (!failure.isInstance(e)) {
        throw e;
      }
      Arrays.fill(theta, Double.NaN);
      return limit;
    }
  }

  /**
   * Fits.
   *
   * @param limit the most evaluations and iterations
   * @param theta receives the answer
   * @return evaluations
   */
  abstract int optimize(double[] start, double[] target, int limit, double[] theta);
}
