package org.nabla4j.cli;

import java.util.SplittableRandom;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.result.BatchFit;

/**
 * Noisy decays y = a·exp(-b·x) + c with known parameters: a from 0.5 to 2, b from 0.5 to 2, c from
 * 0 to 0.5, at 50 places x from 0 to 5, with normal noise of σ = 0.02. The same for a seed whatever
 * the number of threads.
 */
final class SyntheticDecays {

  /** The model. */
  static final String FORMULA = "y = a*exp(-b*x) + c";

  /** σ of the noise. */
  static final double SIGMA = 0.02;

  static final int POINTS = 50;

  private static final double LENGTH = 5;
  private static final long SEED = 20260101;

  /** Problems that share a generator. */
  private static final int BLOCK = 4096;

  private final int problems;
  private final double[] x = new double[POINTS];
  private final double[] y;
  private final double[] truth;

  private SyntheticDecays(int problems) {
    this.problems = problems;
    y = new double[problems * POINTS];
    truth = new double[3 * problems];
    for (int k = 0; k < POINTS; k++) {
      x[k] = LENGTH * k / (POINTS - 1);
    }
  }

  /** The most that one array holds. */
  static int most() {
    return (Integer.MAX_VALUE - 8) / POINTS;
  }

  /**
   * Makes decays.
   *
   * @param problems how many
   * @param execution on which threads
   */
  static SyntheticDecays make(int problems, Execution execution) {
    SyntheticDecays decays = new SyntheticDecays(problems);
    int blocks = (problems + BLOCK - 1) / BLOCK;
    int workers = Math.min(execution.parallelism(), blocks);
    execution.run(
        workers,
        worker -> {
          for (int block = worker; block < blocks; block += workers) {
            decays.fill(block);
          }
        });
    return decays;
  }

  private void fill(int block) {
    SplittableRandom random = new SplittableRandom(SEED + block);
    int end = (int) Math.min(problems, (block + 1L) * BLOCK);
    for (int i = block * BLOCK; i < end; i++) {
      double a = random.nextDouble(0.5, 2);
      double b = random.nextDouble(0.5, 2);
      double c = random.nextDouble(0, 0.5);
      truth[3 * i] = a;
      truth[3 * i + 1] = b;
      truth[3 * i + 2] = c;
      for (int k = 0; k < POINTS; k++) {
        y[i * POINTS + k] = a * Math.exp(-b * x[k]) + c + SIGMA * random.nextGaussian();
      }
    }
  }

  /** Where the values are taken. */
  Column places() {
    return Column.shared(x);
  }

  /** The values of the first problems. */
  Column values(int first) {
    double[] part = first == problems ? y : java.util.Arrays.copyOf(y, first * POINTS);
    return Column.perProblem(part, POINTS);
  }

  /**
   * How far fits are from the truth, in units of their standard errors: with right standard errors
   * the mean is 0 and the root of the mean square 1.
   *
   * @param mean the mean
   * @param rms the root of the mean square
   */
  record Calibration(double mean, double rms) {}

  /** Compares the fits that converged with the truth. */
  Calibration compare(BatchFit fits) {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int i = 0; i < problems; i++) {
      if (fits.converged(i)) {
        for (int j = 0; j < 3; j++) {
          double z = (fits.parameter(i, j) - truth[3 * i + j]) / fits.standardError(i, j);
          if (Double.isFinite(z)) {
            sum += z;
            squares += z * z;
            count++;
          }
        }
      }
    }
    return new Calibration(sum / count, Math.sqrt(squares / count));
  }
}
