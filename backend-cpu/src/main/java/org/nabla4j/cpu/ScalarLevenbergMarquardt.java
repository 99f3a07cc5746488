package org.nabla4j.cpu;

import org.nabla4j.backend.Cancellation;
import org.nabla4j.cpu.algebra.SmallCholesky;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.result.Status;

/**
 * Levenberg-Marquardt on normal equations for a single problem, with all the care that lanes cannot
 * take: whatever test is met, undamped Gauss-Newton steps must confirm it.
 *
 * <p>With b = −Jᵀr, H = JᵀJ and scales D the step δ solves
 *
 * <pre>(H + λD²) δ = b,    limited to ‖Dδ‖ ≤ 0.3·√(‖Dθ‖² + ‖r‖²/10)</pre>
 *
 * <p>D² is the largest diagonal of H so far (Moré 1978), at the start at least that which makes a
 * change of θ as large as θ worth a tenth of the residual. λ follows the gain ratio (Nielsen 1999),
 * but falls to as little as 3 % at once. Tests are those of MINPACK's {@code lmder}.
 *
 * <p>A test that is met starts the <em>polish</em>: undamped steps, multiplied by a factor α that
 * the last two of them suggest (Barzilai and Borwein 1988), until the error that their contraction
 * lets expect is below {@link #POLISH_TOLERANCE}. Where they do not contract, the test was a false
 * alarm in a flat valley: damped steps go on, and tolerances are tightened.
 */
final class ScalarLevenbergMarquardt {

  /**
   * Tolerances and limits.
   *
   * @param ftol relative reduction of the cost, actual and predicted
   * @param xtol relative scaled step ‖Dδ‖/‖Dθ‖
   * @param gtol largest cosine between r and a column of J
   * @param damping λ of the first step
   * @param polish whether steps follow until rounding; else until a test holds without damping
   * @param cancellation stops the solve
   */
  record Options(
      double ftol,
      double xtol,
      double gtol,
      double damping,
      boolean polish,
      Cancellation cancellation) {}

  /** Estimated relative error at which the polish ends. */
  static final double POLISH_TOLERANCE = 1e-12;

  /** Smallest factor by which one good step lowers the damping. */
  private static final double FASTEST_DECREASE = 0.03;

  /** Gain ratio above which a step is accepted, as in MINPACK. */
  private static final double ACCEPT = 1e-4;

  /** Largest step relative to the scaled size of θ. */
  private static final double STEP_BOUND = 0.3;

  /** Share of ‖r‖² in the square of that size, so that θ = 0 can be left. */
  private static final double RESIDUAL_SHARE = 0.1;

  /** Floor of the first scales: a parameter's own size counts at least this share of ‖r‖. */
  private static final double SCALE_FLOOR = 0.1;

  /** Damping beyond which no step can help. */
  private static final double LARGEST_DAMPING = StepOptions.LARGEST_DAMPING;

  /** Contraction of the polish that counts as progress. */
  private static final double CONTRACTION = 0.9;

  /** Contraction above which the factor α is adapted. */
  private static final double SLOW_CONTRACTION = 0.2;

  private static final double SMALLEST_FACTOR = 0.2;
  private static final double LARGEST_FACTOR = 2;

  /** Relative step below which a polish that does not contract has reached rounding. */
  private static final double ROUNDING_STEP = 1e-12;

  /** Relative step below which a polish that does not contract is slow, but no false alarm. */
  private static final double SMALL_STEP = 1e-8;

  /** Relative step of the polish below which differences of the cost are noise. */
  private static final double TRUSTED_STEP = 1e-6;

  /** Share of the cost that an end without contraction may promise to remove. */
  private static final double LARGEST_PROMISE = 1e-8;

  /** Share of ‖Dθ‖² that rounding may bring into the cost. */
  private static final double COST_NOISE = 1e-26;

  /** H_jj relative to its largest value so far, below which parameter j has ceased to act. */
  private static final double DEAD_COLUMN = StepOptions.DEAD;

  private static final int POLISH_STEPS = 30;
  private static final int FALSE_ALARMS = 6;
  private static final int SLOW_STEPS = 3;

  private final LeastSquaresFunction function;
  private final Options options;
  private final double[] lower;
  private final double[] upper;
  private final int p;
  private final SmallCholesky cholesky;

  // at the trial point
  private final double[] trial;
  private final double[] trialDescent;
  private final double[] trialCurvature;
  private double predicted;
  private double stepLength;

  // at the current point
  private final double[] theta;
  private final double[] descent;
  private final double[] curvature;
  private final boolean[] held;
  private double cost;
  private double size; // ‖Dθ‖

  // scaled by D: A = D⁻¹HD⁻¹, g = D⁻¹b, q = Dδ
  private final double[] scale; // D
  private final double[] reached; // largest |θ| on the way
  private final double[] largestCurvature; // D²
  private final double[] a;
  private final double[] g;
  private final double[] q;
  private final double[] taken; // the scaled step that led to the trial point

  private double damping;
  private double growth;
  private double tighten;
  private boolean polishing;
  private double lastLength; // ‖q‖ of the undamped step before
  private double rate;
  private double factor; // α
  private int slow;
  private int falseAlarms;
  private int polishSteps;
  private int evaluations;
  private int steps;
  private Status reason;
  private Status status;
  private double undamped; // ½bᵀH⁻¹b while polishing
  private double cosine;
  private double singularity; // smallest H_jj relative to its largest value

  /**
   * Prepares.
   *
   * @param lower lower bounds, −∞ where there is none; not modified
   * @param upper upper bounds, +∞ where there is none; not modified
   */
  ScalarLevenbergMarquardt(
      LeastSquaresFunction function, Options options, double[] lower, double[] upper) {
    this.function = function;
    this.options = options;
    this.lower = lower;
    this.upper = upper;
    p = function.parameters();
    cholesky = new SmallCholesky(p);
    trial = new double[p];
    trialDescent = new double[p];
    trialCurvature = new double[p * (p + 1) / 2];
    theta = new double[p];
    descent = new double[p];
    curvature = new double[p * (p + 1) / 2];
    held = new boolean[p];
    scale = new double[p];
    reached = new double[p];
    largestCurvature = new double[p];
    a = new double[p * p];
    g = new double[p];
    q = new double[p];
    taken = new double[p];
  }

  /**
   * Minimises; the start is evaluated in any case.
   *
   * @param start θ to start from, clamped to the bounds; not modified
   * @param limit the most evaluations
   * @return how it ended
   */
  Status run(double[] start, int limit) {
    begin(start);
    while (status == null) {
      if (evaluations > 0 && options.cancellation().isCancelled()) {
        status = Status.CANCELLED;
      } else if (evaluations >= limit) {
        status = Status.ITERATION_LIMIT;
      } else {
        double trialCost = function.evaluate(trial);
        function.normalEquations(trialDescent, trialCurvature);
        evaluations++;
        advance(trialCost);
      }
    }
    return status;
  }

  /** The best point. */
  double[] theta() {
    return theta;
  }

  /** The cost there; where the last step was taken unevaluated, the cost before it. */
  double cost() {
    return cost;
  }

  int evaluations() {
    return evaluations;
  }

  /** Accepted steps. */
  int steps() {
    return steps;
  }

  /** The quantity that the test of the status compared with its tolerance. */
  double statusValue() {
    return switch (status) {
      case CONVERGED_COST -> undamped / cost;
      case CONVERGED_PARAMETERS -> stepLength / size;
      case CONVERGED_GRADIENT -> cosine;
      case SINGULAR -> singularity;
      default -> Double.NaN;
    };
  }

  private void begin(double[] start) {
    for (int j = 0; j < p; j++) {
      theta[j] = clamp(j, start[j]);
      trial[j] = theta[j];
      largestCurvature[j] = 0;
      reached[j] = 0;
    }
    cost = Double.MAX_VALUE;
    damping = options.damping();
    growth = 2;
    tighten = 1;
    polishing = false;
    falseAlarms = 0;
    polishSteps = 0;
    evaluations = 0;
    steps = 0;
    reason = Status.CONVERGED_COST;
    status = null;
    singularity = 1;
  }

  private double clamp(int j, double value) {
    return Math.min(Math.max(value, lower[j]), upper[j]);
  }

  /** Judges the trial point, and finds the next one or the final status. */
  private void advance(double trialCost) {
    boolean first = evaluations == 1;
    boolean wasPolishing = polishing;
    polishSteps += polishing ? 1 : 0;
    boolean finite = isFinite(trialCost);
    if (first && !finite) {
      cost = trialCost;
      status = Status.NON_FINITE;
      return;
    }
    double actual = cost - trialCost;
    double gain = actual / Math.abs(predicted);
    boolean accepted = first || (finite && isAcceptable(trialCost, gain));
    if (!first && !wasPolishing) {
      boolean costTest =
          finite && gain <= 2 && isSmall(Math.abs(actual)) && isSmall(Math.abs(predicted));
      adaptDamping(accepted, finite, gain);
      if (damping > LARGEST_DAMPING) { // nothing helps: undamped steps shall decide
        damping = options.damping();
        startPolish(Status.CONVERGED_PARAMETERS, Double.POSITIVE_INFINITY);
      } else if (costTest) {
        startPolish(Status.CONVERGED_COST, Double.POSITIVE_INFINITY);
      }
    } else if (wasPolishing && !accepted && !fallBack(10 * damping, 1e-6)) {
      return;
    }
    if (accepted) {
      cost = trialCost;
      System.arraycopy(trial, 0, theta, 0, p);
      System.arraycopy(trialDescent, 0, descent, 0, p);
      System.arraycopy(trialCurvature, 0, curvature, 0, curvature.length);
      steps += first ? 0 : 1;
    }
    updateScales(first);
    scaleSystem();
    if (accepted && !polishing && gradientVanishes()) {
      startPolish(Status.CONVERGED_GRADIENT, Double.POSITIVE_INFINITY);
    }
    step(accepted && !first && gain <= 2);
  }

  /** One sum over everything catches NaN and infinities alike. */
  private boolean isFinite(double trialCost) {
    double probe = trialCost;
    for (int j = 0; j < p; j++) {
      probe += Math.abs(trialDescent[j]) + trialCurvature[j * (j + 1) / 2 + j];
    }
    return Math.abs(probe) <= Double.MAX_VALUE;
  }

  private boolean isAcceptable(double trialCost, double gain) {
    return polishing
        ? trialCost <= 1.01 * cost || stepLength <= TRUSTED_STEP * size
        : gain > ACCEPT;
  }

  private boolean isSmall(double reduction) {
    return reduction <= options.ftol() * tighten * cost;
  }

  /** Nielsen 1999: max(1/3, 1 − (2ϱ − 1)³), with a faster fall. */
  private void adaptDamping(boolean accepted, boolean finite, double gain) {
    if (accepted) {
      double u = 2 * gain - 1;
      damping *= Math.max(FASTEST_DECREASE, 1 - u * u * u);
      growth = 2;
    } else {
      damping *= finite ? growth : 10 * growth;
      growth *= 2;
    }
  }

  private void startPolish(Status because, double length) {
    reason = because;
    polishing = true;
    lastLength = length;
    factor = 1;
    rate = 1;
    slow = 0;
  }

  /** Back to damped steps after a false alarm; false where there were too many. */
  private boolean fallBack(double newDamping, double least) {
    polishing = false;
    falseAlarms++;
    damping = Math.max(newDamping, least);
    growth = 2;
    tighten *= 0.01;
    if (falseAlarms >= FALSE_ALARMS) {
      status = Status.NO_PROGRESS;
    }
    return status == null;
  }

  private void updateScales(boolean first) {
    double sum = 0;
    for (int j = 0; j < p; j++) {
      double own = curvature[j * (j + 1) / 2 + j];
      double floor = SCALE_FLOOR * SCALE_FLOOR * 2 * cost / (theta[j] * theta[j]);
      double least = first ? (floor < Double.MAX_VALUE ? floor : 0) : largestCurvature[j];
      double largest = Math.max(least, own);
      largestCurvature[j] = largest > 0 ? largest : 1;
      scale[j] = Math.sqrt(largestCurvature[j]);
      reached[j] = Math.max(reached[j], Math.abs(theta[j]));
      sum += largestCurvature[j] * theta[j] * theta[j];
    }
    size = Math.sqrt(sum);
  }

  /** A and g; a parameter at a bound that the descent pushes outward does not take part. */
  private void scaleSystem() {
    for (int j = 0; j < p; j++) {
      held[j] =
          (theta[j] <= lower[j] && descent[j] <= 0) || (theta[j] >= upper[j] && descent[j] >= 0);
      g[j] = held[j] ? 0 : descent[j] / scale[j];
    }
    for (int j = 0, t = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        double scaled = curvature[t++] / scale[j] / scale[k];
        double value = held[j] || held[k] ? (j == k ? 1 : 0) : scaled;
        a[j * p + k] = value;
        a[k * p + j] = value;
      }
    }
  }

  private boolean gradientVanishes() {
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double own = a[j * p + j];
      largest = Math.max(largest, own > 0 ? g[j] * g[j] / own : 0);
    }
    cosine = cost > 0 ? Math.sqrt(largest / (2 * cost)) : 0;
    return largest <= options.gtol() * options.gtol() * 2 * cost;
  }

  /** The next trial point, or the end. */
  private void step(boolean trusted) {
    double lambda = polishing ? 0 : damping;
    cholesky.factorise(a, lambda);
    double smallestPivot = cholesky.smallestPivot();
    undamped = cholesky.solve(g, q);
    double length = norm(q);
    if (length == 0) {
      end(Status.CONVERGED_GRADIENT);
      return;
    }
    if (!(length <= Double.MAX_VALUE)) { // a direction without curvature
      status = Status.SINGULAR;
      singularity = 0;
      return;
    }
    boolean last = polishing && isLast(length);
    if (status != null) {
      return;
    }
    boolean whole = move(length, last);
    if (!polishing && whole) {
      boolean byCost = trusted && isSmall(Math.abs(predicted));
      if (byCost || stepLength <= options.xtol() * tighten * size) {
        Status because = byCost ? Status.CONVERGED_COST : Status.CONVERGED_PARAMETERS;
        // otherwise the damping shapes the step, which then proves nothing
        boolean gaussNewton = lambda <= 0.1 * smallestPivot;
        if (!options.polish() && gaussNewton) {
          reason = because;
          last = true;
        } else {
          startPolish(because, gaussNewton ? length : Double.POSITIVE_INFINITY);
        }
      }
    }
    if (last) {
      System.arraycopy(trial, 0, theta, 0, p);
      end(reason);
    }
  }

  /**
   * Judges the contraction of undamped steps; true if the one at hand is the last, to be taken
   * without evaluation. May end the solve or the polish.
   */
  private boolean isLast(double length) {
    boolean last = false;
    if (!options.polish() && undamped <= options.ftol() * cost) {
      last = true;
    } else if (lastLength < Double.POSITIVE_INFINITY) {
      double contraction = length / lastLength;
      rate = Math.max(contraction, 0.1 * rate);
      adaptFactor(contraction);
      if (contraction <= CONTRACTION) {
        last = Math.min(rate, 1) * length <= POLISH_TOLERANCE * size;
      } else if (lastLength <= ROUNDING_STEP * size) {
        settle();
        return false;
      } else if (lastLength <= SMALL_STEP * size || undamped <= options.ftol() * cost) {
        slow++;
        if (slow > SLOW_STEPS) {
          settle();
          return false;
        }
      } else if (!fallBack(damping, 1e-4)) {
        return false;
      }
    }
    if (polishing && !last && polishSteps >= POLISH_STEPS * (1 + falseAlarms)) {
      if (undamped <= options.ftol() * cost) {
        end(reason);
      } else {
        status = Status.NO_PROGRESS;
      }
      return false;
    }
    lastLength = length;
    return last;
  }

  /**
   * Along the slowest direction of the iteration q ≈ (1 − αμ)·q_old. With the step taken t =
   * α·q_old this gives μ = 1/α − ⟨q, t⟩/‖t‖², and the best factor is 1/μ.
   */
  private void adaptFactor(double contraction) {
    double along = 0;
    double square = 0;
    for (int j = 0; j < p; j++) {
      along += q[j] * taken[j];
      square += taken[j] * taken[j];
    }
    double mu = 1 / factor - along / square;
    double best = mu > 1 / LARGEST_FACTOR ? Math.max(1 / mu, SMALLEST_FACTOR) : LARGEST_FACTOR;
    factor = contraction > SLOW_CONTRACTION ? best : factor;
  }

  /** Sets the trial point and what the quadratic model predicts; false if the step was cut. */
  private boolean move(double length, boolean last) {
    double alpha = polishing && !last ? factor : 1;
    double bound = STEP_BOUND * Math.sqrt(size * size + RESIDUAL_SHARE * 2 * cost);
    double cut = bound > 0 && alpha * length > bound ? bound / (alpha * length) : 1;
    damping = polishing ? damping : damping / cut;
    for (int j = 0; j < p; j++) {
      double free = alpha * cut * q[j];
      double moved = theta[j] + free / scale[j];
      trial[j] = clamp(j, moved);
      taken[j] = trial[j] == moved ? free : (trial[j] - theta[j]) * scale[j];
    }
    double linear = 0;
    double quadratic = 0;
    for (int j = 0; j < p; j++) {
      double product = 0;
      for (int k = 0; k < p; k++) {
        product += a[j * p + k] * taken[k];
      }
      quadratic += taken[j] * product;
      linear += taken[j] * g[j];
    }
    predicted = linear - 0.5 * quadratic;
    stepLength = norm(taken);
    return cut == 1;
  }

  /** Ends a polish that no longer contracts: the model must then promise nothing but rounding. */
  private void settle() {
    double share = Math.max(options.ftol(), LARGEST_PROMISE);
    if (undamped <= share * cost + COST_NOISE * size * size) {
      end(reason);
    } else {
      status = Status.NO_PROGRESS;
    }
  }

  /**
   * Ends as wanted, unless nothing is proven: a free parameter has ceased to act, or numbers are so
   * small or so large that their squares are lost.
   */
  private void end(Status wanted) {
    double largest = 0;
    for (int j = 0; j < p; j++) {
      largest = Math.max(largest, scale[j] * reached[j]);
    }
    boolean inRange =
        largest * largest > StepOptions.smallestSize(true)
            && size * size <= StepOptions.largestSize(true);
    status = inRange || residualsVanish() ? wanted : Status.NO_PROGRESS;
    for (int j = 0; j < p; j++) {
      double own = curvature[j * (j + 1) / 2 + j];
      double least = DEAD_COLUMN * largestCurvature[j] + StepOptions.smallestCurvature(true);
      if (!held[j] && !(own > least)) {
        singularity = Math.min(singularity, own / largestCurvature[j]);
        status = Status.SINGULAR;
      }
    }
  }

  /** Whether every residual of the last evaluation is 0: a cost of 0 may have underflowed. */
  private boolean residualsVanish() {
    double[] rows = function.rows();
    boolean vanish = cost == 0;
    for (int i = 0, e = function.firstRow(); i < function.points(); i++) {
      vanish &= rows[e] == 0;
      e += function.rowStride();
    }
    return vanish;
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }
}
