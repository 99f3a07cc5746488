package org.nabla4j.bench;

/** The libraries compared with: each fits one problem at a time, Jacobian by hand. */
public enum Peer {
  /** Hipparchus's Levenberg-Marquardt, a translation of MINPACK. */
  HIPPARCHUS("Hipparchus") {
    @Override
    PeerFit open(BenchProblem problem, double tolerance) {
      return new HipparchusFit(problem, tolerance);
    }
  },
  /** Its ancestor in Apache Commons Math. */
  COMMONS_MATH("Commons Math") {
    @Override
    PeerFit open(BenchProblem problem, double tolerance) {
      return new CommonsMathFit(problem, tolerance);
    }
  };

  /**
   * Cosine between residuals and Jacobian that ends a fit: next to nothing, since neither MINPACK
   * by default nor the library tests it, but not nothing, since at 2.2e-16 both peers throw.
   */
  static final double ORTHOGONALITY = 1e-14;

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /**
   * What tables call it.
   *
   * @return its name
   */
  public String title() {
    return title;
  }

  /** Most evaluations of a fit: as many as the library's own default. */
  static int evaluationLimit(BenchProblem problem) {
    return 200 * (problem.parameters() + 1);
  }

  abstract PeerFit open(BenchProblem problem, double tolerance);

  /** Fits problems of a batch one by one. */
  interface PeerFit {
    /**
     * Fits one problem.
     *
     * @param fit which one
     * @param theta receives p parameters, NaN if the peer gave up
     * @return how many evaluations it took
     */
    int solve(int fit, double[] theta);
  }

  /**
   * Fits the first problems of a batch.
   *
   * @param problem the batch
   * @param tolerance of cost and parameters
   * @param fits how many
   * @return {@code [fits·p]} parameters
   */
  double[] solveAll(BenchProblem problem, double tolerance, int fits) {
    PeerFit peer = open(problem, tolerance);
    int p = problem.parameters();
    double[] theta = new double[p];
    double[] all = new double[fits * p];
    for (int i = 0; i < fits; i++) {
      peer.solve(i, theta);
      System.arraycopy(theta, 0, all, i * p, p);
    }
    return all;
  }
}
