package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/**
 * Robustness: from starts wrong by factors of 0.4 to 2.5 in every parameter, how many fits end
 * elsewhere than at the minimum nearest to the truth, the library's and Hipparchus's on the same
 * data with the same tolerances.
 */
public final class WideStarts {

  private static final double TOLERANCE = 1.5e-8;
  private static final double EXCESS = 1e-6;

  private WideStarts() {}

  /** Fits that ended elsewhere; {@code silent} of them said that they had converged. */
  private record Row(String problem, String who, int fits, int elsewhere, int silent, double cost) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %d | %d (%.3f %%) | %d | %.2f |",
          problem,
          who,
          fits,
          elsewhere,
          100.0 * elsewhere / fits,
          silent,
          cost);
    }
  }

  /**
   * Runs the comparison and prints a table.
   *
   * @param arguments the number of fits, 100000 if absent, then the names of problems, those of
   *     {@link Problems.Kind}
   */
  public static void main(String[] arguments) {
    int fits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    List<Problems.Kind> kinds = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      kinds.add(Problems.Kind.valueOf(arguments[i]));
    }
    if (kinds.isEmpty()) {
      kinds = List.of(Problems.Kind.DECAY, Problems.Kind.GAUSSIAN_1D, Problems.Kind.GAUSSIAN_2D);
    }
    System.out.println("| Problem | Solver | Fits | Elsewhere | of them silently | Evaluations |");
    System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
    for (Problems.Kind kind : kinds) {
      BenchProblem data = Problems.wide(kind, fits);
      Answers answers = new Answers(data, fits);
      System.out.println(hipparchus(data, answers));
      System.out.println(library(data, answers, "nabla4j, bare", Options.BARE.method(TOLERANCE)));
      System.out.println(
          library(data, answers, "nabla4j, defaults", Options.DEFAULTS.method(TOLERANCE)));
    }
  }

  private static Row hipparchus(BenchProblem data, Answers answers) {
    Peer.PeerFit peer = Peer.HIPPARCHUS.open(data, TOLERANCE);
    double[] theta = new double[data.parameters()];
    int elsewhere = 0;
    int silent = 0;
    long evaluations = 0;
    for (int i = 0; i < data.fits(); i++) {
      evaluations += peer.solve(i, theta);
      if (!answers.isRight(i, theta, EXCESS)) {
        elsewhere++;
        // one that gave up says so with NaN
        silent += Double.isNaN(theta[0]) ? 0 : 1;
      }
    }
    return new Row(
        data.name(),
        Peer.HIPPARCHUS.title(),
        data.fits(),
        elsewhere,
        silent,
        (double) evaluations / data.fits());
  }

  private static Row library(
      BenchProblem data, Answers answers, String who, LevenbergMarquardt method) {
    BatchFit result =
        data.curveFit(Precision.DOUBLE)
            .method(method)
            .backend("cpu")
            .execution(Execution.defaults().withKernel(KernelPreference.AUTO))
            .fitBatch();
    int elsewhere = 0;
    int silent = 0;
    for (int i = 0; i < data.fits(); i++) {
      if (!answers.isRight(i, result.parameters(i), EXCESS)) {
        elsewhere++;
        silent += result.converged(i) ? 1 : 0;
      }
    }
    return new Row(
        data.name(),
        who + " (" + result.kernel() + ")",
        data.fits(),
        elsewhere,
        silent,
        (double) result.totalEvaluations() / data.fits());
  }
}
