package org.nabla4j.cpu.minimize;

/**
 * The cubic model that a second Hessian, taken at a step u·δ away, adds to Newton's quadratic one:
 *
 * <pre>
 *   m(s) = gᵀs + ½sᵀHs + ⅙T[s, s, s],   T[u] = C = (H(θ + δu) − H(θ))/δ,   ‖u‖ = 1
 * </pre>
 *
 * <p>The third derivative T is known along u alone; what has no part along u is taken for zero. With
 * α = uᵀs and z = C(s − αu) that is the symmetric tensor
 *
 * <pre>
 *   T[s] = αC + uzᵀ + zuᵀ − (uᵀz)uuᵀ
 * </pre>
 *
 * <p>The model bends with a curved valley, where the quadratic one leaves it soon.
 *
 * <p>Reference: R. B. Schnabel, T.-T. Chow (1991), SIAM Journal on Optimization 1, 293-315, whose
 * tensor model this resembles; it interpolates values and gradients instead.
 */
final class CubicModel {

  private final double[] across;
  private final double[] image;
  private int m;
  private double[] g;
  private double[] h;
  private double[] c;
  private double[] u;

  /**
   * Prepares for models.
   *
   * @param most the most parameters
   */
  CubicModel(int most) {
    across = new double[most];
    image = new double[most];
  }

  /**
   * Names the arrays, which are kept.
   *
   * @param size m parameters
   * @param gradient g
   * @param hessian H, {@code [size, size]}
   * @param change C, {@code [size, size]}
   * @param direction u
   */
  void use(int size, double[] gradient, double[] hessian, double[] change, double[] direction) {
    m = size;
    g = gradient;
    h = hessian;
    c = change;
    u = direction;
  }

  /** m(s). */
  double value(double[] s) {
    double alpha = split(s);
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double curved = 0;
      double turned = 0;
      for (int j = 0; j < m; j++) {
        curved += h[i * m + j] * s[j];
        turned += c[i * m + j] * u[j];
      }
      // T[s,s,s] = α³uᵀCu + 3α²uᵀCs⊥ + 3αs⊥ᵀCs⊥
      double third =
          alpha * alpha * turned * (alpha * u[i] + 3 * across[i]) + 3 * alpha * across[i] * image[i];
      sum += g[i] * s[i] + 0.5 * s[i] * curved + third / 6;
    }
    return sum;
  }

  /**
   * Expands the model at s: m(x) = const + aᵀx + ½xᵀAx + O(‖x − s‖³).
   *
   * @param s not modified
   * @param gradient receives a
   * @param hessian receives A = H + T[s]
   */
  void expand(double[] s, double[] gradient, double[] hessian) {
    double alpha = split(s);
    double dot = 0;
    for (int i = 0; i < m; i++) {
      dot += u[i] * image[i];
    }
    for (int i = 0; i < m; i++) {
      double half = 0; // ∇m(s) − As = g − ½T[s]s
      for (int j = 0; j < m; j++) {
        double t =
            alpha * c[i * m + j] + u[i] * image[j] + image[i] * u[j] - dot * u[i] * u[j];
        hessian[i * m + j] = h[i * m + j] + t;
        half += t * s[j];
      }
      gradient[i] = g[i] - 0.5 * half;
    }
  }

  /** s = αu + s⊥, z = Cs⊥. */
  private double split(double[] s) {
    double alpha = 0;
    for (int i = 0; i < m; i++) {
      alpha += u[i] * s[i];
    }
    for (int i = 0; i < m; i++) {
      across[i] = s[i] - alpha * u[i];
    }
    for (int i = 0; i < m; i++) {
      double sum = 0;
      for (int j = 0; j < m; j++) {
        sum += c[i * m + j] * across[j];
      }
      image[i] = sum;
    }
    return alpha;
  }
}
