package org.nabla4j.bench;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The data that everything is measured on, the same in every run: truths scattered around typical
 * values, normal noise of 1 to 3 % of the amplitude, and starts off by 10 to 20 % or, for
 * robustness, by factors of 0.4 to 2.5.
 */
public final class Problems {

  private static final double EASY_LEAST = 0.1;
  private static final double EASY_MOST = 0.2;
  private static final double WIDE_LEAST = Math.log(0.4);
  private static final double WIDE_MOST = Math.log(2.5);

  /** Ratio of neighbouring decay rates in a sum of exponentials: far enough to be separable. */
  private static final double RATE_RATIO = 8;

  private Problems() {}

  /** How far the starts are from the truth. */
  private enum Start {
    EASY,
    WIDE,
    GPUFIT
  }

  /** The problems. */
  public enum Kind {
    /** {@code y = a*exp(-b*x)+c}, p = 3, n = 50. */
    DECAY("decay", 65_536, 0),
    /** {@code y = a*exp(-0.5*((x-m)/s)^2)+c}, p = 4, n = 50. */
    GAUSSIAN_1D("1-D Gaussian", 65_536, 1),
    /** {@code z = a*exp(-0.5*(((x-mx)/s)^2+((y-my)/s)^2))+c} on 5×5 pixels, p = 5. */
    GAUSSIAN_2D("2-D Gaussian 5×5", 65_536, 2),
    /** Sum of 4 exponentials, p = 8, n = 50. */
    EXPONENTIALS_8("4 exponentials", 16_384, 3),
    /** Sum of 6 exponentials, p = 12, n = 50. */
    EXPONENTIALS_12("6 exponentials", 16_384, 4),
    /** Sum of 15 exponentials, p = 30, n = 100. */
    EXPONENTIALS_30("15 exponentials", 2_048, 5),
    /**
     * The data of Gpufit's own performance comparison (Przybylski et al. 2017): 2-D Gaussian on 5×5
     * pixels, amplitude 500, width 1, background 10, truths and starts each within 10 %.
     */
    GPUFIT("Gpufit's test", 131_072, 6);

    private final String title;
    private final int fits;

    /** Tells its random numbers from those of the others. */
    private final int seed;

    Kind(String title, int fits, int seed) {
      this.title = title;
      this.fits = fits;
      this.seed = seed;
    }

    /**
     * What tables call it.
     *
     * @return a short text
     */
    public String title() {
      return title;
    }

    /**
     * How many fits a batch has unless asked otherwise.
     *
     * @return the number of fits
     */
    public int fits() {
      return fits;
    }
  }

  /** Starts off by 10 to 20 % of every parameter (Gpufit's by at most 10 %). */
  static BenchProblem easy(Kind kind, int fits) {
    return make(kind, fits, kind == Kind.GPUFIT ? Start.GPUFIT : Start.EASY);
  }

  /** Every parameter's start is its truth times a factor, log-uniform from 0.4 to 2.5. */
  static BenchProblem wide(Kind kind, int fits) {
    return make(kind, fits, Start.WIDE);
  }

  private static BenchProblem make(Kind kind, int fits, Start start) {
    return switch (kind) {
      case DECAY ->
          make(
              kind,
              "y = a*exp(-b*x)+c",
              List.of("x"),
              "y",
              new Decay(),
              new double[][] {grid(50, 0, 0.1)},
              new double[] {2, 1, 0.5},
              0.2,
              0.04,
              fits,
              start);
      case GAUSSIAN_1D ->
          make(
              kind,
              "y = a*exp(-0.5*((x-m)/s)^2)+c",
              List.of("x"),
              "y",
              new Gaussian1d(),
              new double[][] {grid(50, -4.9, 0.2)},
              new double[] {1, 0.5, 1, 0.2},
              0.1,
              0.02,
              fits,
              start);
      case GAUSSIAN_2D ->
          make(
              kind,
              "z = a*exp(-0.5*(((x-mx)/s)^2+((y-my)/s)^2))+c",
              List.of("x", "y"),
              "z",
              new Gaussian2d(),
              pixels(5, -2),
              new double[] {1, 0.4, 1, 0.4, 0.2},
              0.1,
              0.02,
              fits,
              start);
      case GPUFIT ->
          make(
              kind,
              "z = a*exp(-0.5*(((x-mx)/s)^2+((y-my)/s)^2))+c",
              List.of("x", "y"),
              "z",
              new Gaussian2d(),
              pixels(5, 0),
              new double[] {500, 2, 1, 2, 10},
              0.1,
              // a tenth of the mean over the peak's width at a tenth of its height, 4.292·s
              2 * Math.PI * 500 / (4.292 * 4.292) / 10,
              fits,
              start);
      case EXPONENTIALS_8 -> exponentials(kind, 4, 50, fits, start);
      case EXPONENTIALS_12 -> exponentials(kind, 6, 50, fits, start);
      case EXPONENTIALS_30 -> exponentials(kind, 15, 100, fits, start);
    };
  }

  /** Decay rates in geometric progression around 1, seen on a grid that is geometric as well. */
  private static BenchProblem exponentials(
      Kind kind, int terms, int points, int fits, Start start) {
    double[] typical = new double[2 * terms];
    for (int i = 0; i < terms; i++) {
      typical[2 * i] = 1;
      typical[2 * i + 1] = Math.pow(RATE_RATIO, i - (terms - 1) / 2.0);
    }
    double first = 0.05 / typical[2 * terms - 1];
    double last = 4 / typical[1];
    double[] x = new double[points];
    for (int k = 0; k < points; k++) {
      x[k] = first * Math.pow(last / first, k / (points - 1.0));
    }
    String formula =
        IntStream.rangeClosed(1, terms)
            .mapToObj(i -> "a" + i + "*exp(-b" + i + "*x)")
            .collect(Collectors.joining("+", "y = ", ""));
    return make(
        kind,
        formula,
        List.of("x"),
        "y",
        new ExponentialSum(terms),
        new double[][] {x},
        typical,
        0.1,
        0.01,
        fits,
        start);
  }

  private static BenchProblem make(
      Kind kind,
      String formula,
      List<String> columns,
      String response,
      Model model,
      double[][] x,
      double[] typical,
      double scatter,
      double noise,
      int fits,
      Start start) {
    int p = model.parameters();
    int n = x[0].length;
    SplittableRandom random = new SplittableRandom(20_260_101L + kind.seed);
    double[] y = new double[fits * n];
    double[] truths = new double[fits * p];
    double[] starts = new double[fits * p];
    double[] theta = new double[p];
    double[] values = new double[n];
    for (int i = 0; i < fits; i++) {
      for (int j = 0; j < p; j++) {
        theta[j] = typical[j] * (1 + scatter * (2 * random.nextDouble() - 1));
        truths[i * p + j] = theta[j];
        starts[i * p + j] = theta[j] * factor(start, random);
      }
      model.evaluate(theta, x, values, null);
      for (int k = 0; k < n; k++) {
        y[i * n + k] = values[k] + noise * normal(random);
      }
    }
    return new BenchProblem(
        kind.title(),
        formula,
        Collections.unmodifiableList(columns),
        response,
        model,
        x,
        y,
        truths,
        starts);
  }

  private static double factor(Start start, SplittableRandom random) {
    double u = random.nextDouble();
    return switch (start) {
      case EASY -> {
        double off = EASY_LEAST + (EASY_MOST - EASY_LEAST) * u;
        yield random.nextBoolean() ? 1 + off : 1 - off;
      }
      case WIDE -> Math.exp(WIDE_LEAST + (WIDE_MOST - WIDE_LEAST) * u);
      case GPUFIT -> 0.9 + 0.2 * u;
    };
  }

  /** Box and Muller (1958) with StrictMath: the same data on every JDK. */
  private static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  private static double[] grid(int points, double first, double step) {
    double[] x = new double[points];
    for (int k = 0; k < points; k++) {
      x[k] = first + k * step;
    }
    return x;
  }

  private static double[][] pixels(int side, double first) {
    double[][] xy = new double[2][side * side];
    for (int k = 0; k < side * side; k++) {
      xy[0][k] = first + k % side;
      xy[1][k] = first + Math.floorDiv(k, side);
    }
    return xy;
  }
}
