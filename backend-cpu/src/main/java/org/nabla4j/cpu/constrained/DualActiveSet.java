package org.nabla4j.cpu.constrained;

import java.util.Arrays;
import org.nabla4j.cpu.algebra.Cholesky;

/**
 * Solves a {@link QuadraticProgram} by the dual active-set method: from the minimum without
 * constraints on, a violated constraint at a time is made active, while the multipliers of the
 * active inequalities stay ≥ 0.
 *
 * <p>With B = LLᵀ and N the normals of the active constraints, J = L⁻ᵀQ is kept such that
 *
 * <pre>
 *   JᵀN = (R)   with R upper triangular,   J = (J₁ J₂),   N⁺ = R⁻¹J₁ᵀ,   H = J₂J₂ᵀ
 *         (0)
 * </pre>
 *
 * <p>A constraint with normal a then enters along z = J₂J₂ᵀa, on which the active constraints do
 * not change, while their multipliers fall at the rates r = R⁻¹J₁ᵀa. Where z vanishes, a is a
 * combination of the active normals: an equality is redundant or contradicts the others, an
 * inequality takes the place of another one, or there is no feasible point.
 *
 * <p>Reference: D. Goldfarb, A. Idnani (1983), Mathematical Programming 27.
 */
final class DualActiveSet {

  /** How a program ended. */
  enum Outcome {
    /** The minimum was found. */
    SOLVED,
    /** No point meets all constraints. */
    INFEASIBLE,
    /** Not positive definite, not finite, or no end in sight. */
    FAILED
  }

  /** Length of the part of a normal that is new, relative to it, below which it is dependent. */
  private static final double DEPENDENT = 1e-10;

  /** Violation, relative to the terms of a constraint, that is rounding. */
  private static final double ROUNDING = 1e-13;

  /** The same for a constraint whose normal depends on those that are active. */
  private static final double DEPENDENT_ROUNDING = 1e-9;

  /** Terms below this, with variables of about 1, are rounding of something that has cancelled. */
  private static final double CANCELLED = 1e-3;

  private final QuadraticProgram program;
  private final int n;
  private final int m;

  /** J, column after column. */
  private final double[] j;

  private final double[] r;
  private final double[] d;
  private final double[] projected;
  private final double[] rates;
  private final double[] dual;
  private final int[] active;
  private final double[] sign;
  private final boolean[] isActive;
  private final boolean[] redundant;
  private final double[] lengths;
  private int q;
  private int changes;

  /** Prepares to solve a program, whose arrays are read, not modified. */
  DualActiveSet(QuadraticProgram program) {
    this.program = program;
    this.n = program.size();
    this.m = program.constraints();
    this.j = new double[n * n];
    this.r = new double[n * n];
    this.d = new double[n];
    this.projected = new double[n];
    this.rates = new double[n];
    this.dual = new double[n + 1];
    this.active = new int[n];
    this.sign = new double[n];
    this.isActive = new boolean[m + 2 * n];
    this.redundant = new boolean[m + 2 * n];
    this.lengths = new double[m];
    for (int i = 0; i < m; i++) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        sum += program.normals()[i * n + k] * program.normals()[i * n + k];
      }
      lengths[i] = Math.sqrt(sum);
    }
  }

  /** Solves the program. */
  Outcome solve() {
    if (!start()) {
      return Outcome.FAILED;
    }
    for (int id = 0; id < m + n; id++) {
      if (isEquality(id)) {
        Outcome outcome = enter(id);
        if (outcome != Outcome.SOLVED) {
          return outcome;
        }
      }
    }
    for (int id = mostViolated(); id >= 0; id = mostViolated()) {
      Outcome outcome = enter(id);
      if (outcome != Outcome.SOLVED) {
        return outcome;
      }
    }
    refine();
    for (double value : d) {
      if (!Double.isFinite(value)) {
        return Outcome.FAILED;
      }
    }
    return Outcome.SOLVED;
  }

  /** The minimiser, the array itself. */
  double[] minimizer() {
    return d;
  }

  /** Multipliers of the constraints: Bd + g = Σ λ_i a_i + lower − upper. */
  double[] multipliers() {
    double[] result = new double[m];
    for (int k = 0; k < q; k++) {
      if (active[k] < m) {
        result[active[k]] = sign[k] * dual[k];
      }
    }
    return result;
  }

  /** Whether a constraint, the equalities first, is active. */
  boolean isActive(int i) {
    return isActive[i];
  }

  /** Whether a variable is at a bound that holds it. */
  boolean isAtBound(int k) {
    return isActive[m + k] || isActive[m + n + k];
  }

  /** Constraints are counted as they stand, then lower bounds, then upper bounds. */
  private boolean isEquality(int id) {
    return id < program.equalities()
        || (id >= m && id < m + n && program.lower()[id - m] == program.upper()[id - m]);
  }

  /** J = L⁻ᵀ and d = −B⁻¹g; false where B is not positive definite. */
  private boolean start() {
    double[] l = Cholesky.factor(n, program.hessian(), 0, 0);
    if (l == null) {
      return false;
    }
    for (int column = 0; column < n; column++) { // row of L⁻¹, by L⁻¹L = I
      j[column * n + column] = 1 / l[column * n + column];
      for (int k = column - 1; k >= 0; k--) {
        double sum = 0;
        for (int i = k + 1; i <= column; i++) {
          sum += j[column * n + i] * l[i * n + k];
        }
        j[column * n + k] = -sum / l[k * n + k];
      }
    }
    moveAgainst(program.gradient(), 0);
    for (double value : d) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** d −= Σ_k J_k J_kᵀv over the columns from a first one on. */
  private void moveAgainst(double[] v, int from) {
    for (int k = from; k < n; k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += j[k * n + i] * v[i];
      }
      for (int i = 0; i < n; i++) {
        d[i] -= j[k * n + i] * sum;
      }
    }
  }

  private double slack(int id) {
    if (id < m) {
      return program.product(id, d) + program.constants()[id];
    }
    return id < m + n
        ? d[id - m] - program.lower()[id - m]
        : program.upper()[id - m - n] - d[id - m - n];
  }

  /** Sum of the terms of a constraint, by which its rounding is judged. */
  private double terms(int id) {
    if (id >= m) {
      int k = id < m + n ? id - m : id - m - n;
      double bound = id < m + n ? program.lower()[k] : program.upper()[k];
      return Math.abs(bound) + Math.abs(d[k]);
    }
    double sum = Math.abs(program.constants()[id]);
    for (int k = 0; k < n; k++) {
      sum += Math.abs(program.normals()[id * n + k] * d[k]);
    }
    return sum;
  }

  /** Length of the normal of a constraint, at least 1. */
  private double length(int id) {
    return id < m ? Math.max(lengths[id], 1) : 1;
  }

  /** The inequality or bound with the largest distance from being met, −1 if all are met. */
  private int mostViolated() {
    int worst = -1;
    double largest = 0;
    for (int id = 0; id < m + 2 * n; id++) {
      if (isActive[id] || redundant[id] || isEquality(id)) {
        continue;
      }
      double violation = -slack(id);
      if (!(violation > 0)) {
        continue;
      }
      double distance = violation / (id < m ? Math.max(lengths[id], Double.MIN_NORMAL) : 1);
      if (distance > largest && violation > ROUNDING * (terms(id) + CANCELLED * length(id))) {
        worst = id;
        largest = distance;
      }
    }
    return worst;
  }

  /** projected = Jᵀa for the normal of a constraint. */
  private void project(int id, double direction) {
    for (int k = 0; k < n; k++) {
      double sum = 0;
      if (id < m) {
        for (int i = 0; i < n; i++) {
          sum += j[k * n + i] * program.normals()[id * n + i];
        }
      } else {
        sum = id < m + n ? j[k * n + id - m] : -j[k * n + id - m - n];
      }
      projected[k] = direction * sum;
    }
  }

  /** Makes a constraint active, and others inactive where their multipliers would change sign. */
  private Outcome enter(int id) {
    double violation = -slack(id);
    double direction = isEquality(id) && violation < 0 ? -1 : 1;
    violation *= direction;
    double entering = 0;
    while (true) {
      if (changes++ > 50 * (n + m) + 1000) {
        return Outcome.FAILED;
      }
      project(id, direction);
      double fresh = 0;
      double all = 0;
      for (int k = 0; k < n; k++) {
        all += projected[k] * projected[k];
        fresh += k >= q ? projected[k] * projected[k] : 0;
      }
      boolean dependent = !(fresh > DEPENDENT * DEPENDENT * all);
      if (dependent && violation <= DEPENDENT_ROUNDING * (terms(id) + CANCELLED * length(id))) {
        redundant[id] = true;
        return Outcome.SOLVED;
      }
      triangularSolve(projected, rates);
      int leaving = -1;
      double step = dependent ? Double.POSITIVE_INFINITY : violation / fresh;
      for (int k = 0; k < q; k++) {
        if (!isEquality(active[k]) && rates[k] > 0 && dual[k] < step * rates[k]) {
          step = dual[k] / rates[k];
          leaving = k;
        }
      }
      if (leaving < 0 && dependent) {
        return Outcome.INFEASIBLE;
      }
      for (int k = 0; k < q; k++) {
        dual[k] -= step * rates[k];
      }
      entering += step;
      if (!dependent) {
        for (int k = q; k < n; k++) {
          for (int i = 0; i < n; i++) {
            d[i] += step * projected[k] * j[k * n + i];
          }
        }
        violation -= step * fresh;
      }
      if (leaving < 0) {
        append(id, direction, entering);
        return Outcome.SOLVED;
      }
      drop(leaving);
    }
  }

  /** x = R⁻¹b of the active part. */
  private void triangularSolve(double[] b, double[] x) {
    for (int k = q - 1; k >= 0; k--) {
      double sum = b[k];
      for (int i = k + 1; i < q; i++) {
        sum -= r[k * n + i] * x[i];
      }
      x[k] = sum / r[k * n + k];
    }
  }

  /** Rotates two columns of J, so that (a, b) of a row of numbers becomes (√(a²+b²), 0). */
  private void rotate(int first, int second, double cosine, double sine) {
    for (int i = 0; i < n; i++) {
      double a = j[first * n + i];
      double b = j[second * n + i];
      j[first * n + i] = cosine * a + sine * b;
      j[second * n + i] = cosine * b - sine * a;
    }
  }

  private void append(int id, double direction, double multiplier) {
    for (int k = n - 1; k > q; k--) {
      double length = Math.hypot(projected[k - 1], projected[k]);
      if (length > 0 && projected[k] != 0) {
        rotate(k - 1, k, projected[k - 1] / length, projected[k] / length);
        projected[k - 1] = length;
        projected[k] = 0;
      }
    }
    for (int k = 0; k <= q; k++) {
      r[k * n + q] = projected[k];
    }
    active[q] = id;
    sign[q] = direction;
    dual[q] = multiplier;
    isActive[id] = true;
    q++;
  }

  private void drop(int leaving) {
    isActive[active[leaving]] = false;
    for (int k = leaving; k < q - 1; k++) {
      active[k] = active[k + 1];
      sign[k] = sign[k + 1];
      dual[k] = dual[k + 1];
      for (int i = 0; i <= k + 1; i++) {
        r[i * n + k] = r[i * n + k + 1];
      }
    }
    q--;
    for (int k = leaving; k < q; k++) {
      double length = Math.hypot(r[k * n + k], r[(k + 1) * n + k]);
      if (length > 0) {
        double cosine = r[k * n + k] / length;
        double sine = r[(k + 1) * n + k] / length;
        for (int i = k; i < q; i++) {
          double a = r[k * n + i];
          double b = r[(k + 1) * n + i];
          r[k * n + i] = cosine * a + sine * b;
          r[(k + 1) * n + i] = cosine * b - sine * a;
        }
        rotate(k, k + 1, cosine, sine);
      }
    }
    Arrays.fill(redundant, false);
  }

  /**
   * Takes the rounding of many steps out of the minimiser, by way of the residuals of the active
   * constraints and of the gradient, and out of the multipliers.
   */
  private void refine() {
    double[] gradient = new double[n];
    for (int round = 0; round < 2; round++) {
      for (int k = 0; k < q; k++) { // Rᵀy = residuals, d −= J₁y
        double sum = sign[k] * slack(active[k]);
        for (int i = 0; i < k; i++) {
          sum -= r[i * n + k] * rates[i];
        }
        rates[k] = sum / r[k * n + k];
      }
      for (int k = 0; k < q; k++) {
        for (int i = 0; i < n; i++) {
          d[i] -= j[k * n + i] * rates[k];
        }
      }
      gradient(gradient);
      moveAgainst(gradient, q);
    }
    gradient(gradient);
    for (int k = 0; k < q; k++) {
      projected[k] = 0;
      for (int i = 0; i < n; i++) {
        projected[k] += j[k * n + i] * gradient[i];
      }
    }
    triangularSolve(projected, dual);
    for (int k = 0; k < q; k++) {
      if (!isEquality(active[k])) {
        dual[k] = Math.max(dual[k], 0);
      }
      if (active[k] >= m) {
        int i = active[k] < m + n ? active[k] - m : active[k] - m - n;
        d[i] = active[k] < m + n ? program.lower()[i] : program.upper()[i];
      }
    }
  }

  /** Bd + g. */
  private void gradient(double[] result) {
    for (int i = 0; i < n; i++) {
      double sum = program.gradient()[i];
      for (int k = 0; k < n; k++) {
        sum += program.hessian()[i * n + k] * d[k];
      }
      result[i] = sum;
    }
  }
}
