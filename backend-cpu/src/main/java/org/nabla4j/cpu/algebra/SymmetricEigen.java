package org.nabla4j.cpu.algebra;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: A = Σ μᵢ·vᵢ·vᵢᵀ, by reduction to tridiagonal
 * form with Householder reflections and implicit QR steps with Wilkinson's shift.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan (2013), Matrix Computations, section 8.3.
 */
public final class SymmetricEigen {

  /** QR steps for each eigenvalue before giving up; two or three are usual. */
  private static final int MOST_STEPS = 60;

  private final double[] work;
  private final double[] diagonal;
  private final double[] beside;
  private final double[] reflector;
  private final double[] image;
  private final double[] vectors;
  private int n;

  /**
   * Prepares for matrices.
   *
   * @param most the most rows
   */
  public SymmetricEigen(int most) {
    work = new double[Math.multiplyExact(most, most)];
    vectors = new double[most * most];
    diagonal = new double[most];
    beside = new double[most];
    reflector = new double[most];
    image = new double[most];
  }

  /**
   * Decomposes a matrix.
   *
   * @param rows how many
   * @param a A by rows, symmetric and finite; not modified
   */
  public SymmetricEigen(int rows, double[] a) {
    this(rows);
    decompose(a, rows);
  }

  /**
   * Decomposes.
   *
   * @param a A by rows, {@code [rows, rows]}, symmetric and finite; not modified
   * @param rows how many
   */
  public void decompose(double[] a, int rows) {
    n = rows;
    double largest = 0;
    for (int i = 0; i < n * n; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
    }
    int exponent = largest > 0 ? Math.getExponent(largest) : 0; // squares stay in range
    for (int i = 0; i < n * n; i++) {
      work[i] = Math.scalb(a[i], -exponent);
      vectors[i] = 0;
    }
    for (int i = 0; i < n; i++) {
      vectors[i * n + i] = 1;
    }
    tridiagonalise();
    iterate();
    sort();
    for (int i = 0; i < n; i++) {
      diagonal[i] = Math.scalb(diagonal[i], exponent);
    }
  }

  /**
   * An eigenvalue.
   *
   * @param i which, in ascending order
   * @return μᵢ
   */
  public double value(int i) {
    return diagonal[i];
  }

  /**
   * The part of a vector along an eigenvector.
   *
   * @param i which eigenvector
   * @param x the vector, not modified
   * @return vᵢᵀx
   */
  public double component(int i, double[] x) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += vectors[i * n + j] * x[j];
    }
    return sum;
  }

  /**
   * Adds a multiple of an eigenvector.
   *
   * @param i which eigenvector
   * @param factor of it
   * @param y the vector to which factor·vᵢ is added
   */
  public void add(int i, double factor, double[] y) {
    for (int j = 0; j < n; j++) {
      y[j] += factor * vectors[i * n + j];
    }
  }

  /**
   * An element of an eigenvector.
   *
   * @param i which eigenvector
   * @param j which element
   * @return element j of vᵢ
   */
  public double vector(int i, int j) {
    return vectors[i * n + j];
  }

  /**
   * Adds a multiple of the square of an eigenvector.
   *
   * @param i which eigenvector
   * @param factor of its square
   * @param b the matrix to a block of which factor·vᵢvᵢᵀ is added
   * @param from where the first element of the block is
   * @param columns of the matrix
   */
  public void addSquare(int i, double factor, double[] b, int from, int columns) {
    for (int j = 0; j < n; j++) {
      double product = factor * vectors[i * n + j];
      for (int k = 0; k < n; k++) {
        b[from + j * columns + k] += product * vectors[i * n + k];
      }
    }
  }

  /** A becomes P·A·P with P = I − βvvᵀ for column after column; their product becomes vectors. */
  private void tridiagonalise() {
    for (int k = 0; k < n - 2; k++) {
      double square = 0;
      for (int i = k + 1; i < n; i++) {
        reflector[i] = work[i * n + k];
        square += reflector[i] * reflector[i];
      }
      double length = Math.sqrt(square);
      double head = reflector[k + 1];
      if (square == head * head) {
        continue; // nothing to annihilate
      }
      double mirrored = head > 0 ? -length : length;
      reflector[k + 1] = head - mirrored;
      double beta = -1 / (mirrored * reflector[k + 1]); // 2/‖v‖²
      double dot = 0;
      for (int i = k + 1; i < n; i++) {
        double sum = 0;
        for (int j = k + 1; j < n; j++) {
          sum += work[i * n + j] * reflector[j];
        }
        image[i] = beta * sum;
        dot += image[i] * reflector[i];
      }
      double half = 0.5 * beta * dot;
      for (int i = k + 1; i < n; i++) {
        image[i] -= half * reflector[i];
      }
      for (int i = k + 1; i < n; i++) {
        for (int j = k + 1; j < n; j++) {
          work[i * n + j] -= reflector[i] * image[j] + image[i] * reflector[j];
        }
        work[i * n + k] = 0;
      }
      work[(k + 1) * n + k] = mirrored;
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int i = k + 1; i < n; i++) {
          sum += reflector[i] * vectors[i * n + j];
        }
        sum *= beta;
        for (int i = k + 1; i < n; i++) {
          vectors[i * n + j] -= sum * reflector[i];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = work[i * n + i];
      beside[i] = i + 1 < n ? work[(i + 1) * n + i] : 0;
    }
  }

  /** Implicit QR steps on the last block that has not fallen apart. */
  private void iterate() {
    int high = n - 1;
    int left = MOST_STEPS * n;
    while (high > 0 && left-- > 0) {
      if (isSmall(high - 1)) {
        beside[high - 1] = 0;
        high--;
        continue;
      }
      int low = high - 1;
      while (low > 0 && !isSmall(low - 1)) {
        low--;
      }
      step(low, high);
    }
  }

  private boolean isSmall(int k) {
    double around = Math.abs(diagonal[k]) + Math.abs(diagonal[k + 1]);
    return Math.abs(beside[k]) <= 0x1p-53 * around || Math.abs(beside[k]) < 1e-300;
  }

  private void step(int low, int high) {
    double delta = 0.5 * (diagonal[high - 1] - diagonal[high]);
    double off = beside[high - 1];
    double root = Math.hypot(delta, off);
    double shift = diagonal[high] - off * (off / (delta + (delta >= 0 ? root : -root)));
    double x = diagonal[low] - shift;
    double z = beside[low];
    for (int k = low; k < high; k++) {
      double r = Math.hypot(x, z);
      double c = r > 0 ? x / r : 1;
      double s = r > 0 ? z / r : 0;
      if (k > low) {
        beside[k - 1] = r;
      }
      double first = diagonal[k];
      double second = diagonal[k + 1];
      double e = beside[k];
      diagonal[k] = c * c * first + 2 * c * s * e + s * s * second;
      diagonal[k + 1] = s * s * first - 2 * c * s * e + c * c * second;
      beside[k] = c * s * (second - first) + (c * c - s * s) * e;
      if (k + 1 < high) {
        x = beside[k];
        z = s * beside[k + 1];
        beside[k + 1] *= c;
      }
      for (int j = 0; j < n; j++) {
        double upper = vectors[k * n + j];
        double lower = vectors[(k + 1) * n + j];
        vectors[k * n + j] = c * upper + s * lower;
        vectors[(k + 1) * n + j] = c * lower - s * upper;
      }
    }
  }

  private void sort() {
    for (int i = 0; i < n - 1; i++) {
      int least = i;
      for (int k = i + 1; k < n; k++) {
        if (diagonal[k] < diagonal[least]) {
          least = k;
        }
      }
      if (least != i) {
        double value = diagonal[i];
        diagonal[i] = diagonal[least];
        diagonal[least] = value;
        for (int j = 0; j < n; j++) {
          double entry = vectors[i * n + j];
          vectors[i * n + j] = vectors[least * n + j];
          vectors[least * n + j] = entry;
        }
      }
    }
  }
}
