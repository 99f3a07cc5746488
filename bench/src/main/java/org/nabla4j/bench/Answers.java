package org.nabla4j.bench;

import java.util.Locale;

/**
 * Judges fitted parameters against the minimum nearest to the truth: a fit is right if its χ²,
 * computed anew by hand-written code in double, exceeds that minimum's by no more than a tolerance.
 * Whatever a fit says about itself counts for nothing.
 */
final class Answers {

  private final BenchProblem problem;
  private final ReferenceFit reference;
  private final double[] minima;

  /**
   * What came of a check.
   *
   * @param checked fits looked at
   * @param wrong how many of them ended elsewhere
   * @param worst largest excess χ²/χ²min − 1 among those that are right
   */
  record Verdict(int checked, int wrong, double worst) {

    double wrongShare() {
      return (double) wrong / checked;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d of %d fits elsewhere (%.4f %%), χ² of the others at most %.1e too large",
          wrong,
          checked,
          100 * wrongShare(),
          worst);
    }
  }

  /**
   * Finds the minima.
   *
   * @param problem the batch
   * @param sample how many fits to look at, from the first
   */
  Answers(BenchProblem problem, int sample) {
    this.problem = problem;
    reference = new ReferenceFit(problem);
    minima = new double[Math.min(sample, problem.fits())];
    for (int i = 0; i < minima.length; i++) {
      minima[i] = reference.chiSquared(i, reference.solve(i));
    }
  }

  int size() {
    return minima.length;
  }

  /** χ²/χ²min − 1 of one fit; NaN if θ is not finite. */
  double excess(int fit, double[] theta) {
    return reference.chiSquared(fit, theta) / minima[fit] - 1;
  }

  boolean isRight(int fit, double[] theta, double tolerance) {
    return excess(fit, theta) <= tolerance;
  }

  /**
   * Judges a batch.
   *
   * @param parameters {@code [B·p]}, B at least as large as the sample
   * @param tolerance largest excess of χ² that is right
   * @return the verdict
   */
  Verdict judge(double[] parameters, double tolerance) {
    int p = problem.parameters();
    double[] theta = new double[p];
    int wrong = 0;
    double worst = 0;
    for (int i = 0; i < minima.length; i++) {
      System.arraycopy(parameters, i * p, theta, 0, p);
      double excess = excess(i, theta);
      if (excess <= tolerance) {
        worst = Math.max(worst, excess);
      } else {
        wrong++;
      }
    }
    return new Verdict(minima.length, wrong, worst);
  }

  /**
   * Fails a benchmark whose answers are wrong.
   *
   * @param verdict what came of the check
   * @param what whose answers they are
   * @param allowedShare largest share of wrong answers
   * @throws IllegalStateException if more are wrong
   */
  static void require(Verdict verdict, String what, double allowedShare) {
    System.out.println("answers of " + what + ": " + verdict);
    if (!(verdict.wrongShare() <= allowedShare)) {
      throw new IllegalStateException(
          what + ": " + verdict + ", expected at most " + 100 * allowedShare + " %");
    }
  }
}
