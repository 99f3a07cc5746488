package org.nabla4j.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;

/**
 * A plain objective and its derivatives, evaluated expression by expression, and Newton's method
 * with the absolute values of the Hessian's eigenvalues and halved steps, to compare with.
 */
final class ReferenceNewton {

  private static final int STEPS = 2000;

  private final Expression f;
  private final List<String> names;
  private final List<Expression> gradient;
  private final List<List<Expression>> hessian;

  ReferenceNewton(Expression f, List<String> names) {
    this.f = f;
    this.names = names;
    gradient = Derivatives.gradient(f, names);
    hessian = Derivatives.hessian(f, names);
  }

  private Map<String, Double> values(double[] theta) {
    Map<String, Double> values = new HashMap<>();
    for (int j = 0; j < theta.length; j++) {
      values.put(names.get(j), theta[j]);
    }
    return values;
  }

  double value(double[] theta) {
    return f.evaluate(values(theta));
  }

  RealVector gradient(double[] theta) {
    Map<String, Double> values = values(theta);
    RealVector g = new ArrayRealVector(theta.length);
    for (int j = 0; j < theta.length; j++) {
      g.setEntry(j, gradient.get(j).evaluate(values));
    }
    return g;
  }

  RealMatrix hessian(double[] theta) {
    Map<String, Double> values = values(theta);
    RealMatrix h = new Array2DRowRealMatrix(theta.length, theta.length);
    for (int j = 0; j < theta.length; j++) {
      for (int k = 0; k < theta.length; k++) {
        h.setEntry(j, k, hessian.get(j).get(k).evaluate(values));
      }
    }
    return h;
  }

  /** Smallest eigenvalue of the Hessian relative to the largest in size. */
  double smallestEigenvalue(double[] theta) {
    double[] eigenvalues = new EigenDecompositionSymmetric(hessian(theta)).getEigenvalues();
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (double e : eigenvalues) {
      smallest = Math.min(smallest, e);
      largest = Math.max(largest, Math.abs(e));
    }
    return largest == 0 ? 0 : smallest / largest;
  }

  /** A minimum, from a start that is no stationary point. */
  double[] minimise(double[] start) {
    double[] theta = start.clone();
    for (int k = 0; k < STEPS; k++) {
      RealVector step = step(theta);
      double before = value(theta);
      double share = 1;
      double[] next = new ArrayRealVector(theta).combine(1, share, step).toArray();
      while (!(value(next) < before) && share > 1e-20) {
        share /= 2;
        next = new ArrayRealVector(theta).combine(1, share, step).toArray();
      }
      if (share <= 1e-20) {
        // where rounding hides any difference of f, the gradient still shows the way
        return new ArrayRealVector(theta).add(step).toArray();
      }
      theta = next;
    }
    return theta;
  }

  private RealVector step(double[] theta) {
    RealVector g = gradient(theta);
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(hessian(theta));
    RealVector step = new ArrayRealVector(theta.length);
    for (int j = 0; j < theta.length; j++) {
      RealVector v = eigen.getEigenvector(j);
      double e = Math.max(Math.abs(eigen.getEigenvalue(j)), 1e-12);
      step = step.combine(1, -v.dotProduct(g) / e, v);
    }
    return step;
  }
}
