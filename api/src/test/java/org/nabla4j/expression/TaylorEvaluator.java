package org.nabla4j.expression;

import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;
import org.hipparchus.analysis.differentiation.DSFactory;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.hipparchus.special.Gamma;

/**
 * Values and derivatives of expressions by Hipparchus' forward-mode automatic differentiation:
 * nothing of the chain rule under test takes part. Functions that Hipparchus lacks, or has to few
 * digits, are composed of others, by their definitions.
 */
final class TaylorEvaluator {
  private final DSFactory factory;
  private final List<String> symbols;

  /** The largest number met on the way, derivatives included, or NaN. */
  private double largest;

  /** The smallest distance of a kink or a jump met on the way. */
  private double nearestKink = Double.POSITIVE_INFINITY;

  TaylorEvaluator(List<String> symbols, int order) {
    this.symbols = symbols;
    this.factory = new DSFactory(symbols.size(), order);
  }

  DerivativeStructure evaluate(Expression expression, Map<String, Double> values) {
    largest = 0;
    nearestKink = Double.POSITIVE_INFINITY;
    Topology topology = new Topology(List.of(expression));
    DerivativeStructure[] results = new DerivativeStructure[topology.size()];
    for (int i = 0; i < results.length; i++) {
      Expression node = topology.node(i);
      DerivativeStructure[] arguments = new DerivativeStructure[node.arity()];
      for (int k = 0; k < arguments.length; k++) {
        arguments[k] = results[topology.position(node.argument(k))];
      }
      results[i] =
          switch (node.op()) {
            case CONSTANT -> factory.constant(node.value());
            case SYMBOL -> symbol(node.name(), values);
            default -> apply(node.op(), arguments);
          };
      // a negative base has a derivative only where the exponent is written as a number: that an
      // expression such as s/s happens not to change is not known to the rule
      if (node.op() == Op.POW
          && arguments[0].getValue() < 0
          && node.argument(1).op() != Op.CONSTANT) {
        nearestKink = 0;
      }
      for (double number : results[i].getAllDerivatives()) {
        largest = Math.max(largest, Math.abs(number));
      }
    }
    return results[results.length - 1];
  }

  /** Whether everything met on the way was finite, moderate, and away from kinks. */
  boolean wasTame() {
    return largest < 1e4 && nearestKink > 1e-3;
  }

  private DerivativeStructure symbol(String name, Map<String, Double> values) {
    int index = symbols.indexOf(name);
    double value = values.get(name);
    return index >= 0 ? factory.variable(index, value) : factory.constant(value);
  }

  private DerivativeStructure apply(Op op, DerivativeStructure[] x) {
    DerivativeStructure a = x[0];
    DerivativeStructure b = x.length > 1 ? x[1] : a;
    double u = a.getValue();
    return switch (op) {
      case ADD -> a.add(b);
      case SUB -> a.subtract(b);
      case MUL -> a.multiply(b);
      case DIV -> a.divide(b);
      case NEG -> a.negate();
      // a power has no derivative at 0, were the base ever so constant
      case POW -> near(u, isConstant(b) ? a.pow(b.getValue()) : a.log().multiply(b).exp());
      case SQRT -> near(u, a.sqrt());
      case CBRT -> near(u, a.cbrt());
      case EXP -> a.exp();
      case EXPM1 -> a.expm1();
      case LOG -> a.log();
      case LOG1P -> a.log1p();
      case LOG2 -> a.log().divide(Math.log(2));
      case LOG10 -> a.log10();
      case SIN -> a.sin();
      case COS -> a.cos();
      case TAN -> a.tan();
      case ASIN -> a.asin();
      case ACOS -> a.acos();
      case ATAN -> a.atan();
      case ATAN2 -> a.atan2(b);
      case SINH -> a.sinh();
      case COSH -> a.cosh();
      case TANH -> a.tanh();
      case ABS -> near(u, a.abs());
      case SIGN -> near(u, a.sign());
      case MIN -> near(u - b.getValue(), u <= b.getValue() ? a : b);
      case MAX -> near(u - b.getValue(), u >= b.getValue() ? a : b);
      case HYPOT -> a.hypot(b);
      case ERF -> errorFunction(a, 1);
      case ERFC -> errorFunction(a, -1);
      case LGAMMA -> gammaFunction(a, Math.log(Math.abs(Gamma.gamma(u))), 0);
      case DIGAMMA -> gammaFunction(a, polygamma(0, u), 1);
      case TRIGAMMA -> gammaFunction(a, polygamma(1, u), 2);
      case LOGISTIC -> a.negate().exp().add(1).reciprocal();
      case SOFTPLUS -> a.exp().log1p();
      case LT, LE, GT, GE, EQ, NE ->
          near(u - b.getValue(), factory.constant(ScalarMath.apply(op, u, b.getValue(), 0)));
      case WHERE -> near(u == 0 ? 1 : u, u != 0 ? b : x[2]);
      default -> throw new AssertionError(op);
    };
  }

  private static boolean isConstant(DerivativeStructure b) {
    double[] all = b.getAllDerivatives();
    for (int i = 1; i < all.length; i++) {
      if (all[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private DerivativeStructure near(double distance, DerivativeStructure result) {
    nearestKink = Math.min(nearestKink, Math.abs(distance));
    return result;
  }

  private static DerivativeStructure errorFunction(DerivativeStructure a, int sign) {
    double u = a.getValue();
    double value =
        sign > 0 ? org.hipparchus.special.Erf.erf(u) : org.hipparchus.special.Erf.erfc(u);
    double slope = sign * 2 / Math.sqrt(Math.PI) * Math.exp(-u * u);
    return a.compose(value, slope, -2 * u * slope);
  }

  private static DerivativeStructure gammaFunction(
      DerivativeStructure a, double value, int derivative) {
    double u = a.getValue();
    return a.compose(value, polygamma(derivative, u), polygamma(derivative + 1, u));
  }

  /**
   * ψ and its first derivatives; NaN far down the negative axis, where summing takes forever. The
   * higher ones by their definition (−1)ᵐ⁺¹ m! Σ 1/(x+k)ᵐ⁺¹, the rest of the sum by Euler and
   * Maclaurin.
   */
  private static double polygamma(int m, double x) {
    if (!(x > -100)) {
      return Double.NaN;
    }
    if (m < 2) {
      return m == 0 ? Digamma.value(x) : Trigamma.value(x);
    }
    double sum = 0;
    for (int k = 0; k < 2000; k++) {
      sum += Math.pow(x + k, -m - 1);
    }
    double y = x + 2000;
    sum += Math.pow(y, -m) / m + Math.pow(y, -m - 1) / 2 + (m + 1) * Math.pow(y, -m - 2) / 12;
    return m == 2 ? -2 * sum : 6 * sum;
  }
}
