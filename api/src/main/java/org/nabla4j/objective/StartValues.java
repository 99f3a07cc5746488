package org.nabla4j.objective;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Start values for common shapes, from the data alone. Estimates are good enough to start from, not
 * fits; every one is finite as soon as there are more points than parameters. Points may come in
 * any order, and those with a NaN are left out.
 */
public final class StartValues {

  /** Most points that the search for a frequency looks at: its cost grows with their square. */
  private static final int PERIODOGRAM_POINTS = 1024;

  private StartValues() {}

  /**
   * Start values for y = a·exp(-b·x) + c.
   *
   * <p>From y' = -b(y - c) follows y(x) - y(x₁) = -b·∫y dx + b·c·(x - x₁), which is linear in its
   * two coefficients; the integral is taken by the trapezoidal rule. With b known, a and c are
   * linear too.
   *
   * <p>Reference: J. Jacquelin (2009), Régressions et équations intégrales.
   *
   * @param x where the values were taken; not modified
   * @param y the values; not modified
   * @return a, b, c; NaN with fewer than 3 points
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] exponentialDecay(double[] x, double[] y) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Points points = Points.sorted(x, y);
    int n = points.size();
    if (n < 3 || points.span() == 0) {
      return unknown(3);
    }
    double[] t = new double[n];
    double[] integral = new double[n];
    double[] rise = new double[n];
    for (int k = 1; k < n; k++) {
      double step = points.x[k] - points.x[k - 1];
      integral[k] = integral[k - 1] + 0.5 * step * (points.y[k] + points.y[k - 1]);
      t[k] = points.x[k] - points.x[0];
      rise[k] = points.y[k] - points.y[0];
    }
    double b = -solve2(t, integral, rise)[1];
    double span = points.span();
    // A rate beyond one decay between neighbours or slower than 1/100 of the span is noise.
    if (!(Math.abs(b) * span > 0.01 && Math.abs(b) * span < 2.0 * n)) {
      double middle = points.y[n / 2];
      boolean early = Math.abs(middle - points.y[n - 1]) < Math.abs(points.y[0] - points.y[n - 1]);
      b = (early ? 3 : -3) / span;
    }
    // exp is taken from the end where it is 1 at most, so that it cannot overflow.
    double origin = b > 0 ? points.x[0] : points.x[n - 1];
    double[] decay = new double[n];
    double[] one = new double[n];
    for (int k = 0; k < n; k++) {
      decay[k] = Math.exp(-b * (points.x[k] - origin));
      one[k] = 1;
    }
    double[] linear = solve2(decay, one, points.y);
    double a = linear[0] * Math.exp(b * origin);
    return new double[] {Double.isFinite(a) ? a : linear[0], b, linear[1]};
  }

  /**
   * Start values for a peak on a baseline, y = a·exp(-(x - b)²/(2c²)) + d; the peak may point down.
   *
   * <p>The baseline is the median of the outer values, the peak the largest deviation from it after
   * a running median of three, place and width the centroid and the extent of what lies above half
   * of it.
   *
   * @param x where the values were taken; not modified
   * @param y the values; not modified
   * @return a, b, c, d; NaN with fewer than 4 points
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] gaussianPeak(double[] x, double[] y) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Points points = Points.sorted(x, y);
    int n = points.size();
    if (n < 4 || points.span() == 0) {
      return unknown(4);
    }
    double[] smooth = new double[n];
    smooth[0] = points.y[0];
    smooth[n - 1] = points.y[n - 1];
    for (int k = 1; k < n - 1; k++) {
      smooth[k] = median3(points.y[k - 1], points.y[k], points.y[k + 1]);
    }
    double[] ordered = smooth.clone();
    Arrays.sort(ordered);
    double low = ordered[n / 10];
    double high = ordered[n - 1 - n / 10];
    double middle = ordered[n / 2];
    // The baseline is where most of the values are, the peak on the other side.
    boolean up = ordered[n - 1] - middle >= middle - ordered[0];
    double base = up ? low : high;
    int top = 0;
    for (int k = 1; k < n; k++) {
      if (up ? smooth[k] > smooth[top] : smooth[k] < smooth[top]) {
        top = k;
      }
    }
    double height = smooth[top] - base;
    int left = top;
    while (left > 0
        && Math.abs(smooth[left - 1] - base) > 0.5 * Math.abs(height)
        && (smooth[left - 1] - base) * height > 0) {
      left--;
    }
    int right = top;
    while (right < n - 1
        && Math.abs(smooth[right + 1] - base) > 0.5 * Math.abs(height)
        && (smooth[right + 1] - base) * height > 0) {
      right++;
    }
    double weight = 0;
    double moment = 0;
    for (int k = left; k <= right; k++) {
      double w = Math.abs(smooth[k] - base);
      weight += w;
      moment += w * points.x[k];
    }
    double centre = weight > 0 ? moment / weight : points.x[top];
    // Half maximum is crossed half a step beyond the last point above it, on either side.
    double spacing = points.span() / (n - 1);
    double fullWidth = points.x[right] - points.x[left] + spacing;
    double sigma = fullWidth / (2 * Math.sqrt(2 * Math.log(2)));
    return new double[] {height == 0 ? 1 : height, centre, sigma, base};
  }

  /**
   * Start values for y = a/(1 + exp(-b·(x - c))).
   *
   * <p>With the plateau a taken a little beyond the largest value, log(y/(a - y)) = b·x - b·c is a
   * line; its points are weighted by (y(a - y))², the inverse of what the logarithm does to noise.
   *
   * @param x where the values were taken; not modified
   * @param y the values; not modified
   * @return a, b, c; NaN with fewer than 3 points
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] logistic(double[] x, double[] y) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Points points = Points.sorted(x, y);
    int n = points.size();
    if (n < 3 || points.span() == 0) {
      return unknown(3);
    }
    double low = Arrays.stream(points.y).min().orElseThrow();
    double high = Arrays.stream(points.y).max().orElseThrow();
    double extreme = Math.abs(high) >= Math.abs(low) ? high : low;
    if (extreme == 0) {
      return new double[] {1, 1 / points.span(), points.x[n / 2]};
    }
    double a = 1.02 * extreme;
    double[] line = logitLine(points, a, 0.1);
    if (!Double.isFinite(line[1])) {
      line = logitLine(points, a, 0.01);
    }
    double b = line[1];
    if (!Double.isFinite(b) || b == 0) {
      b = (points.y[n - 1] - points.y[0]) * extreme >= 0 ? 4 / points.span() : -4 / points.span();
      return new double[] {a, b, 0.5 * (points.x[0] + points.x[n - 1])};
    }
    return new double[] {a, b, -line[0] / b};
  }

  /** The line through log(y/(a-y)) where y/a is more than {@code margin} away from 0 and 1. */
  private static double[] logitLine(Points points, double a, double margin) {
    // Points on the plateaus know nothing of the slope, yet have all the leverage.
    int n = points.size();
    double[] w = new double[n];
    double[] z = new double[n];
    for (int k = 0; k < n; k++) {
      double share = points.y[k] / a;
      if (share > margin && share < 1 - margin) {
        w[k] = share * (1 - share);
        w[k] *= w[k];
        z[k] = Math.log(share / (1 - share));
      }
    }
    return weightedLine(points.x, z, w);
  }

  /**
   * Start values for y = a·x^b at x &gt; 0.
   *
   * <p>log|y| = log|a| + b·log x is a line, its points weighted by y², the inverse of what the
   * logarithm does to noise. Points of the rarer sign are left out.
   *
   * @param x where the values were taken; not modified
   * @param y the values; not modified
   * @return a, b; NaN with fewer than 2 points at x &gt; 0
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] powerLaw(double[] x, double[] y) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Points points = Points.sorted(x, y);
    int n = points.size();
    double balance = 0;
    for (int k = 0; k < n; k++) {
      balance += points.x[k] > 0 ? points.y[k] : 0;
    }
    double sign = balance < 0 ? -1 : 1;
    double[] w = new double[n];
    double[] logX = new double[n];
    double[] logY = new double[n];
    int used = 0;
    for (int k = 0; k < n; k++) {
      if (points.x[k] > 0 && sign * points.y[k] > 0) {
        logX[k] = Math.log(points.x[k]);
        logY[k] = Math.log(sign * points.y[k]);
        w[k] = points.y[k] * points.y[k];
        used++;
      }
    }
    if (used < 2) {
      return unknown(2);
    }
    double[] line = weightedLine(logX, logY, w);
    if (!Double.isFinite(line[1])) {
      return new double[] {balance / used, 0};
    }
    return new double[] {sign * Math.exp(line[0]), line[1]};
  }

  /**
   * Start values for y = a·sin(b·x + c) + d with a &gt; 0, b &gt; 0 and -π &lt; c ≤ π.
   *
   * <p>For each of a row of frequencies the best A·sin(b·x) + B·cos(b·x) + D is a linear problem;
   * the frequency with the least residual is refined and gives the rest. Points need not be
   * equidistant.
   *
   * <p>Reference: N. R. Lomb (1976), Astrophysics and Space Science 39, with a floating mean.
   *
   * @param x where the values were taken; not modified
   * @param y the values; not modified
   * @return a, b, c, d; NaN with fewer than 4 points
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] sinusoid(double[] x, double[] y) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Points all = Points.sorted(x, y);
    if (all.size() < 4 || all.span() == 0) {
      return unknown(4);
    }
    Points points = all.thinned(PERIODOGRAM_POINTS);
    int n = points.size();
    // From a third of a period in the span up to the mean spacing's Nyquist frequency, 8 steps to
    // a resolution element 2π/span.
    double step = 2 * Math.PI / points.span() / 8;
    int last = 4 * n;
    double best = Double.POSITIVE_INFINITY;
    int bestIndex = 3;
    // Sines of the next frequency come from those of the last by the addition theorem.
    Waves turn = new Waves(points, step);
    Waves waves = new Waves(points, 3 * step);
    for (int i = 3; i <= last; i++) {
      double residual = harmonic(points, waves)[3];
      waves.turnBy(turn);
      // Aliases beyond the Nyquist frequency fit as well: a tie goes to the lower frequency.
      if (residual < best * (1 - 1e-9)) {
        best = residual;
        bestIndex = i;
      }
    }
    double low = (bestIndex - 1) * step;
    double high = (bestIndex + 1) * step;
    double golden = 0.5 * (Math.sqrt(5) - 1);
    double first = high - golden * (high - low);
    double second = low + golden * (high - low);
    double atFirst = harmonic(points, new Waves(points, first))[3];
    double atSecond = harmonic(points, new Waves(points, second))[3];
    // 20 sections leave 1e-5 of a resolution element.
    for (int i = 0; i < 20; i++) {
      if (atFirst < atSecond) {
        high = second;
        second = first;
        atSecond = atFirst;
        first = high - golden * (high - low);
        atFirst = harmonic(points, new Waves(points, first))[3];
      } else {
        low = first;
        first = second;
        atFirst = atSecond;
        second = low + golden * (high - low);
        atSecond = harmonic(points, new Waves(points, second))[3];
      }
    }
    double b = 0.5 * (low + high);
    double[] fit = harmonic(points, new Waves(points, b));
    double a = Math.hypot(fit[0], fit[1]);
    // A·sin(b(x - x₀)) + B·cos(b(x - x₀)) = a·sin(bx + c) with c = atan2(B, A) - b·x₀.
    double c = Math.IEEEremainder(Math.atan2(fit[1], fit[0]) - b * points.x[0], 2 * Math.PI);
    return new double[] {a, b, c, fit[2]};
  }

  /**
   * Least squares for A·sin(b(x-x₀)) + B·cos(b(x-x₀)) + D: A, B, D and the residual sum of squares.
   */
  private static double[] harmonic(Points points, Waves waves) {
    int n = points.size();
    double s = 0;
    double c = 0;
    double ss = 0;
    double cc = 0;
    double sc = 0;
    double y = 0;
    double sy = 0;
    double cy = 0;
    double yy = 0;
    for (int k = 0; k < n; k++) {
      double sine = waves.sine[k];
      double cosine = waves.cosine[k];
      double value = points.y[k] - points.mean;
      s += sine;
      c += cosine;
      ss += sine * sine;
      cc += cosine * cosine;
      sc += sine * cosine;
      y += value;
      sy += sine * value;
      cy += cosine * value;
      yy += value * value;
    }
    // Means taken out leave two unknowns.
    double a11 = ss - s * s / n;
    double a22 = cc - c * c / n;
    double a12 = sc - s * c / n;
    double b1 = sy - s * y / n;
    double b2 = cy - c * y / n;
    double determinant = a11 * a22 - a12 * a12;
    if (!(determinant > 1e-10 * n * n)) {
      return new double[] {0, 0, points.mean + y / n, Double.POSITIVE_INFINITY};
    }
    double sineFactor = (b1 * a22 - b2 * a12) / determinant;
    double cosineFactor = (b2 * a11 - b1 * a12) / determinant;
    double mean = (y - sineFactor * s - cosineFactor * c) / n;
    double residual = yy - y * y / n - sineFactor * b1 - cosineFactor * b2;
    return new double[] {sineFactor, cosineFactor, points.mean + mean, Math.max(residual, 0)};
  }

  /** Least squares for y = p·u + q·v by its 2 × 2 normal equations; NaN if they are singular. */
  private static double[] solve2(double[] u, double[] v, double[] y) {
    double uu = 0;
    double uv = 0;
    double vv = 0;
    double uy = 0;
    double vy = 0;
    for (int k = 0; k < y.length; k++) {
      uu += u[k] * u[k];
      uv += u[k] * v[k];
      vv += v[k] * v[k];
      uy += u[k] * y[k];
      vy += v[k] * y[k];
    }
    double determinant = uu * vv - uv * uv;
    return new double[] {(uy * vv - vy * uv) / determinant, (vy * uu - uy * uv) / determinant};
  }

  /** Weighted least squares for y = p + q·x: p and q; NaN if all points with weight coincide. */
  private static double[] weightedLine(double[] x, double[] y, double[] w) {
    double sum = 0;
    double meanX = 0;
    double meanY = 0;
    for (int k = 0; k < x.length; k++) {
      sum += w[k];
      meanX += w[k] * x[k];
      meanY += w[k] * y[k];
    }
    meanX /= sum;
    meanY /= sum;
    double xx = 0;
    double xy = 0;
    for (int k = 0; k < x.length; k++) {
      xx += w[k] * (x[k] - meanX) * (x[k] - meanX);
      xy += w[k] * (x[k] - meanX) * (y[k] - meanY);
    }
    double slope = xy / xx;
    return new double[] {meanY - slope * meanX, slope};
  }

  private static double median3(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private static double[] unknown(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  /** sin(b(x-x₀)) and cos(b(x-x₀)) at every point. */
  private static final class Waves {
    private final double[] sine;
    private final double[] cosine;

    Waves(Points points, double b) {
      sine = new double[points.size()];
      cosine = new double[points.size()];
      for (int k = 0; k < sine.length; k++) {
        double angle = b * (points.x[k] - points.x[0]);
        sine[k] = Math.sin(angle);
        cosine[k] = Math.cos(angle);
      }
    }

    /** Adds the other's angles to these. */
    void turnBy(Waves other) {
      for (int k = 0; k < sine.length; k++) {
        double s = sine[k];
        sine[k] = s * other.cosine[k] + cosine[k] * other.sine[k];
        cosine[k] = cosine[k] * other.cosine[k] - s * other.sine[k];
      }
    }
  }

  /** Points without NaN in the order of x. */
  private static final class Points {
    private final double[] x;
    private final double[] y;
    private final double mean;

    private Points(double[] x, double[] y) {
      this.x = x;
      this.y = y;
      double sum = 0;
      for (double value : y) {
        sum += value;
      }
      this.mean = y.length == 0 ? 0 : sum / y.length;
    }

    static Points sorted(double[] x, double[] y) {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "y has length " + y.length + ", expected " + x.length + " as x");
      }
      if (inOrder(x, y)) {
        return new Points(x, y);
      }
      int[] order =
          IntStream.range(0, x.length)
              .filter(k -> Double.isFinite(x[k]) && Double.isFinite(y[k]))
              .boxed()
              .sorted(Comparator.comparingDouble(k -> x[k]))
              .mapToInt(Integer::intValue)
              .toArray();
      return new Points(
          Arrays.stream(order).mapToDouble(k -> x[k]).toArray(),
          Arrays.stream(order).mapToDouble(k -> y[k]).toArray());
    }

    /** Whether the arrays can be used as they are. */
    private static boolean inOrder(double[] x, double[] y) {
      for (int k = 0; k < x.length; k++) {
        if (!Double.isFinite(x[k]) || !Double.isFinite(y[k]) || (k > 0 && x[k] < x[k - 1])) {
          return false;
        }
      }
      return true;
    }

    int size() {
      return x.length;
    }

    double span() {
      return x[x.length - 1] - x[0];
    }

    /**
     * At most {@code limit} points. Equal steps would alias high frequencies to low ones, so the
     * place within each step follows multiples of the golden ratio.
     */
    Points thinned(int limit) {
      if (size() <= limit) {
        return this;
      }
      double stride = (double) size() / limit;
      int[] chosen =
          IntStream.range(0, limit)
              .map(
                  i -> {
                    double place = i * 0.6180339887498949;
                    return (int) ((i + (place - Math.floor(place))) * stride);
                  })
              .toArray();
      return new Points(
          Arrays.stream(chosen).mapToDouble(k -> x[k]).toArray(),
          Arrays.stream(chosen).mapToDouble(k -> y[k]).toArray());
    }
  }
}
