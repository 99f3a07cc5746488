package org.nabla4j.bench;

import java.util.Arrays;
import java.util.Locale;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Judges minima: an answer is right where the gradient, computed by hand-written code, vanishes and
 * the Hessian is positive definite. Whatever a minimiser says about itself counts for nothing.
 */
final class ValleyAnswers {

  private ValleyAnswers() {}

  /** Whether x is a local minimum. */
  static boolean isRight(Valley valley, double[] x, double tolerance) {
    if (!(valley.relativeGradient(x) <= tolerance)) {
      return false;
    }
    double[][] h = new double[x.length][x.length];
    valley.hessian(x, h);
    try {
      return new CholeskyDecomposition(new Array2DRowRealMatrix(h, false), 1e-10, 1e-10)
              .getDeterminant()
          > 0;
    } catch (MathRuntimeException e) {
      return false;
    }
  }

  /**
   * Fails a benchmark whose answers are wrong.
   *
   * @param answers rows of coordinates
   * @param tolerance largest relative gradient that is right
   * @param allowedShare largest share of wrong answers
   * @throws IllegalStateException if more are wrong
   */
  static void require(
      Valley valley, double[][] answers, double tolerance, String what, double allowedShare) {
    long wrong = Arrays.stream(answers).filter(x -> !isRight(valley, x, tolerance)).count();
    String verdict =
        String.format(
            Locale.ROOT,
            "answers of %s on %s: %d of %d are no minima",
            what,
            valley.title(),
            wrong,
            answers.length);
    System.out.println(verdict);
    if (!(wrong <= allowedShare * answers.length)) {
      throw new IllegalStateException(verdict + ", expected at most " + 100 * allowedShare + " %");
    }
  }
}
