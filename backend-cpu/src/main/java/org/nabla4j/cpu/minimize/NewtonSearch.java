package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

final class NewtonSearch extends Search {

  static final double ROUNDING = 16 * 0x1p-52;
  static final String SCALE = System.getProperty("scale", "max");
  static final double RADIUS0 = Double.parseDouble(System.getProperty("radius0", "1"));
  static final double GROW = Double.parseDouble(System.getProperty("grow", "2"));
  static final double TOP = Double.parseDouble(System.getProperty("top", "0.75"));
  static final boolean CUBIC = !"false".equals(System.getProperty("cubic"));
  static final double DECAY = Double.parseDouble(System.getProperty("decay", "0.5"));
  static final int INNER = Integer.getInteger("inner", 5);
  static final double FLOOR = Double.parseDouble(System.getProperty("floor", "1e-8"));
  static final boolean VERBOSE = Boolean.getBoolean("verbose");

  private final NewtonRaphson method;
  private final double[] lower;
  private final double[] upper;
  private final int p;
  private final Convergence convergence;
  private final TrustRegionModel model;
  private final double[] theta;
  private final double[] gradient;
  private final double[] hessian;
  private final double[] trial;
  private final double[] step;
  private final double[] scale;
  private final double[] reducedGradient;
  private final double[] reducedHessian;
  private final double[] reducedStep;
  private final double[] candidate;
  private final int[] free;
  private final boolean[] fixed;
  private final double[] change;
  private final double[] past;
  private boolean hasPast;
  private final double[] reducedChange;
  private final double[] direction;
  private final double[] expandedGradient;
  private final double[] expandedHessian;
  private final double[] reducedBest;
  private final CubicModel cubic;
  private boolean usedCubic;
  private double otherPredicted;
  private double quadraticError=1;
  private double cubicError=0;
  private double value;
  private double startValue;
  private double radius;
  private double predicted;
  private double stepLength;
  private boolean atBoundary;
  private double relative;
  private double relativeBefore = Double.POSITIVE_INFINITY;
  private boolean started;
  private boolean small;
  private int iterations;
  private int rejections;
  private int triumphs;
  private Status status;
  private double statusValue = Double.NaN;

  NewtonSearch(NewtonRaphson method, double[] start, double[] lower, double[] upper) {
    this.method = method;
    this.lower = lower == null ? null : lower.clone();
    this.upper = upper == null ? null : upper.clone();
    this.p = start.length;
    this.convergence = new Convergence(method, this.lower, this.upper);
    this.model = new TrustRegionModel(p);
    this.theta = start.clone();
    this.trial = start.clone();
    this.gradient = new double[p];
    this.hessian = new double[p * p];
    this.step = new double[p];
    this.scale = new double[p];
    this.reducedGradient = new double[p];
    this.reducedHessian = new double[p * p];
    this.reducedStep = new double[p];
    this.candidate = new double[p];
    this.change = new double[p * p];
    this.past = new double[p];
    this.reducedChange = new double[p * p];
    this.direction = new double[p];
    this.expandedGradient = new double[p];
    this.expandedHessian = new double[p * p];
    this.reducedBest = new double[p];
    this.cubic = new CubicModel(p);
    this.free = new int[p];
    this.fixed = new boolean[p];
    this.value = Double.NaN;
  }

  @Override
  Need need() {
    return status == null ? Need.HESSIAN : Need.NOTHING;
  }

  @Override
  double[] point() {
    return trial;
  }

  private static boolean finite(double[] x, int n) {
    double probe = 0;
    for (int i = 0; i < n; i++) {
      probe += 0 * x[i];
    }
    return probe == 0;
  }

  @Override
  void tell(double f, double[] g, double[] h) {
    boolean finite = Math.abs(f) <= Double.MAX_VALUE && finite(g, p) && finite(h, p * p);
    if (!started) {
      started = true;
      if (!finite) {
        value = f;
        end(Status.NON_FINITE, f);
        return;
      }
      startValue = f;
      accept(f, g, h);
      radius = Double.NaN;
      next(true);
      return;
    }
    if (f < WolfeLineSearch.BOTTOM) {
      iterations++;
      accept(f, g, h);
      end(Status.UNBOUNDED, f);
      return;
    }
    if (!finite) {
      rejections++;
      triumphs = 0;
      radius = 0.25 * stepLength;
      next(false);
      return;
    }
    for (int i = 0; i < p * p; i++) {
      change[i] = h[i] - hessian[i];
    }
    System.arraycopy(step, 0, past, 0, p);
    hasPast = true;
    double slope = dot(gradient, step);
    double slopeAfter = dot(g, step);
    double actual = value - f;
    if (Math.abs(actual) <= ROUNDING * Math.abs(value)) {
      actual = -0.5 * (slope + slopeAfter);
    }
    double ratio = actual / predicted;
    if (otherPredicted == otherPredicted) {
      double q = usedCubic ? otherPredicted : predicted;
      double c = usedCubic ? predicted : otherPredicted;
      quadraticError = DECAY * quadraticError + Math.min(10, Math.abs(actual - q) / Math.max(Math.abs(actual), 1e-300));
      cubicError = DECAY * cubicError + Math.min(10, Math.abs(actual - c) / Math.max(Math.abs(actual), 1e-300));
    }
    if (VERBOSE) {
      System.out.printf("%3d f=%.10g pred=%.3g ratio=%.3g radius=%.3g len=%.3g bnd=%b rel=%.3g cub=%b%n", iterations, value, predicted, ratio, radius, stepLength, atBoundary, relative, usedCubic);
    }
    if (!(ratio > 1e-4)) {
      rejections++;
      triumphs = 0;
      if (small) {
        end(Status.CONVERGED_GRADIENT, relative);
        return;
      }
      if (predicted <= ROUNDING * Math.abs(value) || (predicted <= 1e-10 * Math.abs(value) && rejections >= 3)) {
        stalled();
        return;
      }
      // the parabola through f, its slope and the trial
      double t = -0.5 * slope / (f - value - slope);
      if (Boolean.getBoolean("hermite")) {
        double z = 3 * (value - f) + slope + slopeAfter;
        double w = Math.sqrt(z * z - slope * slopeAfter);
        double tc = 1 - (slopeAfter + w - z) / (slopeAfter - slope + 2 * w);
        if (tc > 0 && tc < 1) t = tc;
      }
      radius = Math.max(0.1, Math.min(Double.parseDouble(System.getProperty("most","0.5")), t)) * stepLength;
      next(false);
      return;
    }
    rejections = 0;
    if (ratio < 0.25) {
      radius = Double.parseDouble(System.getProperty("half","0.5")) * stepLength;
      triumphs = 0;
    } else if (ratio > TOP && atBoundary) {
      triumphs++;
      radius = Math.max(radius, stepLength * GROW * (Math.abs(ratio - 1) < 0.1 ? GROW : 1) * (triumphs > 3 ? triumphs * triumphs : 1));
    } else {
      triumphs = 0;
    }
    for (int j = 0; j < p; j++) {
      past[j] = -past[j];
    }
    for (int i = 0; i < p * p; i++) {
      change[i] = -change[i];
    }
    iterations++;
    double before = value;
    double moved = Convergence.relativeStep(theta, trial);
    relativeBefore = relative;
    accept(f, g, h);
    if (convergence.gainIsSmall(before, f)) {
      end(Status.CONVERGED_COST, Math.abs(before - f) / Math.max(Math.abs(f), 1));
    } else if (convergence.stepIsShort(moved)) {
      end(Status.CONVERGED_PARAMETERS, moved);
    } else {
      next(true);
    }
  }

  private void stalled() {
    end(relative <= 1e-3 ? Status.CONVERGED_COST : Status.NO_PROGRESS, relative);
  }

  private void accept(double f, double[] g, double[] h) {
    value = f;
    System.arraycopy(trial, 0, theta, 0, p);
    System.arraycopy(g, 0, gradient, 0, p);
    System.arraycopy(h, 0, hessian, 0, p * p);
    double most = 0;
    for (int j = 0; j < p; j++) {
      most = Math.max(most, Math.sqrt(Math.abs(h[j * p + j])));
    }
    double[] ruiz = new double[p];
    Arrays.fill(ruiz, 1);
    if (SCALE.startsWith("ruiz")) {
      for (int k = 0; k < 20; k++) {
        double[] r = new double[p];
        for (int i = 0; i < p; i++) for (int j = 0; j < p; j++) r[i] = Math.max(r[i], Math.abs(h[i * p + j]) / ruiz[i] / ruiz[j]);
        for (int i = 0; i < p; i++) if (r[i] > 0) ruiz[i] *= Math.sqrt(r[i]);
      }
    }
    for (int j = 0; j < p; j++) {
      double own = SCALE.startsWith("ruiz") ? ruiz[j] : Math.sqrt(Math.abs(h[j * p + j]));
      own = Math.max(own, FLOOR * most);
      if (!(own > 0)) {
        own = 1;
      }
      scale[j] =
          switch (SCALE) {
            case "none" -> 1;
            case "diag", "ruiz" -> own;
            case "ruizmax" -> Math.max(scale[j], own);
            case "ruizmix" -> Math.max(0.3*scale[j], own);
            case "max" -> Math.max(scale[j], own);
            case "mix" -> Math.max(0.3 * scale[j], own);
            default -> throw new IllegalArgumentException();
          };
    }
    relative = convergence.relativeGradient(value, theta, gradient);
  }

  private void next(boolean moved) {
    if (moved) {
      if (Double.isNaN(radius)) {
        double size = 0;
        for (int j = 0; j < p; j++) {
          size += scale[j] * theta[j] * (scale[j] * theta[j]);
        }
        double s1 = 0;
        for (int j = 0; j < p; j++) {
          s1 = Math.max(s1, scale[j]);
        }
        radius = (model.isPositiveSemidefinite(reducedHessian, reduce(), 0) ? RADIUS0 : Double.parseDouble(System.getProperty("ind", "1"))) * Math.max(Math.sqrt(size), s1);
      }
      small = false;
      if (convergence.gradientIsSmall(relative)) {
        int m = reduce();
        if (model.isPositiveSemidefinite(reducedHessian, m, 1e-11)) {
          small = true;
        }
      }
    }
    if (iterations >= method.iterationLimit(p)) {
      end(small ? Status.CONVERGED_GRADIENT : Status.ITERATION_LIMIT, small ? relative : iterations);
      return;
    }
    findStep();
    if (small && (predicted <= 1e-9 * Math.abs(value) || predicted <= 1e-13 * (startValue - value) || relative > 0.1 * relativeBefore || relative == 0)) {
      end(Status.CONVERGED_GRADIENT, relative);
      return;
    }
    boolean same = true;
    for (int j = 0; j < p; j++) {
      trial[j] = clip(j, theta[j] + step[j]);
      same &= trial[j] == theta[j];
      step[j] = trial[j] - theta[j];
    }
    if (same || !(predicted > 0)) {
      stalled();
    }
  }

  private double clip(int j, double x) {
    double low = lower == null ? Double.NEGATIVE_INFINITY : lower[j];
    double high = upper == null ? Double.POSITIVE_INFINITY : upper[j];
    return Math.max(low, Math.min(high, Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x))));
  }

  private int reduce() {
    int m = 0;
    for (int j = 0; j < p; j++) {
      double g = gradient[j];
      fixed[j] = g != 0 && convergence.projected(j, theta, gradient) == 0;
      if (!fixed[j]) {
        free[m++] = j;
      }
    }
    fill(m);
    return m;
  }

  private void fill(int m) {
    for (int a = 0; a < m; a++) {
      int i = free[a];
      for (int b = 0; b < m; b++) {
        int j = free[b];
        reducedHessian[a * m + b] = hessian[i * p + j] / scale[i] / scale[j];
      }
      double g = gradient[i];
      for (int j = 0; j < p; j++) {
        if (fixed[j]) {
          g += hessian[i * p + j] * step[j];
        }
      }
      reducedGradient[a] = g / scale[i];
    }
  }

  private void findStep() {
    Arrays.fill(step, 0);
    int m = reduce();
    model.minimise(reducedHessian, reducedGradient, m, radius, reducedStep);
    predicted = model.reduction();
    stepLength = model.length();
    atBoundary = model.atBoundary();
    bend(m);
    for (int a = 0; a < m; a++) {
      step[free[a]] = reducedStep[a] / scale[free[a]];
    }
  }

  private void bend(int m) {
    usedCubic = false;
    otherPredicted = Double.NaN;
    if (!hasPast || !CUBIC || m < p) {
      return;
    }
    double length = 0;
    for (int a = 0; a < m; a++) {
      direction[a] = scale[free[a]] * past[free[a]];
      length += direction[a] * direction[a];
    }
    length = Math.sqrt(length);
    if (!(length > 0)) return;
    for (int a = 0; a < m; a++) {
      direction[a] /= length;
      for (int b = 0; b < m; b++) {
        reducedChange[a * m + b] = change[free[a] * p + free[b]] / scale[free[a]] / scale[free[b]] / length;
      }
    }
    cubic.use(m, reducedGradient, reducedHessian, reducedChange, direction);
    double cubicOfQuadratic = -cubic.value(reducedStep);
    if (quadraticError < cubicError) {
      otherPredicted = cubicOfQuadratic;
      return;
    }
    double best = 0;
    double bestLength = 0;
    boolean bestBoundary = false;
    System.arraycopy(reducedStep, 0, candidate, 0, m);
    double[] at = new double[p];
    double now = cubicOfQuadratic;
    double len = stepLength;
    boolean bnd = atBoundary;
    for (int k = 0; k <= INNER; k++) {
      if (now > best) {
        boolean done = now - best <= 0.01 * now;
        best = now;
        bestLength = len;
        bestBoundary = bnd;
        System.arraycopy(candidate, 0, at, 0, m);
        if (done) break;
      } else if (k > 0) {
        break;
      }
      if (k == INNER) break;
      cubic.expand(k == 0 ? candidate : at, expandedGradient, expandedHessian);
      model.minimise(expandedHessian, expandedGradient, m, radius, candidate);
      now = -cubic.value(candidate);
      len = model.length();
      bnd = model.atBoundary();
    }
    if (best > 0) {
      double q = 0;
      for (int a = 0; a < m; a++) {
        double sum = 0;
        for (int b = 0; b < m; b++) sum += reducedHessian[a * m + b] * at[b];
        q -= reducedGradient[a] * at[a] + 0.5 * at[a] * sum;
      }
      usedCubic = true;
      otherPredicted = q;
      predicted = best;
      stepLength = bestLength;
      atBoundary = bestBoundary;
      System.arraycopy(at, 0, reducedStep, 0, m);
    }
  }

  private double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < p; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private void end(Status how, double quantity) {
    status = how;
    statusValue = quantity;
  }

  @Override
  void cancel() {
    if (status == null) {
      end(Status.CANCELLED, Double.NaN);
    }
  }

  @Override
  double[] best() {
    return theta;
  }

  @Override
  double value() {
    return value;
  }

  @Override
  double[] gradient() {
    return gradient;
  }

  @Override
  Status status() {
    return status;
  }

  @Override
  double statusValue() {
    return statusValue;
  }

  @Override
  int iterations() {
    return iterations;
  }
}
