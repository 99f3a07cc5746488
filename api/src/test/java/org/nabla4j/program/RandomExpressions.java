package org.nabla4j.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;

/** Draws expressions of parameters a, b, c, a constant k, shared columns x, z and a column y. */
final class RandomExpressions {
  static final ProgramInputs INPUTS =
      new ProgramInputs(List.of("a", "b", "c"), List.of("k"), List.of("x", "z"), List.of("y"));

  private static final List<String> NAMES = List.of("a", "b", "c", "k", "x", "z", "y");
  private static final Op[] ARITHMETIC = {Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MUL, Op.ADD};
  private static final Op[] FUNCTIONS = {
    Op.EXP,
    Op.EXP,
    Op.LOG,
    Op.SQRT,
    Op.SIN,
    Op.COS,
    Op.ATAN,
    Op.TANH,
    Op.ABS,
    Op.NEG,
    Op.NEG,
    Op.LOGISTIC,
    Op.SOFTPLUS,
    Op.ERF,
    Op.EXPM1,
    Op.LOG1P,
    Op.CBRT,
    Op.SIGN
  };
  private static final Op[] BINARY = {
    Op.MIN, Op.MAX, Op.HYPOT, Op.ATAN2, Op.POW, Op.LT, Op.GE, Op.NE
  };
  private static final double[] CONSTANTS = {0.5, -1, 1, 2, 3, -0.25, 0.1, 7, 10};
  private static final double[] EXPONENTS = {2, 2, 3, -1, -2, 0.5, -0.5, 1.5, -1.5, 4, 0, 1, 0.3};

  private final Random random;

  RandomExpressions(long seed) {
    random = new Random(seed);
  }

  /** Values between 0.25 and 2 in magnitude, some negative, in the order of the symbols. */
  double[] values() {
    double[] values = new double[NAMES.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (0.25 + 1.75 * random.nextDouble()) * (random.nextInt(4) == 0 ? -1 : 1);
    }
    return values;
  }

  static List<String> names() {
    return NAMES;
  }

  int index(int bound) {
    return random.nextInt(bound);
  }

  /** Several expressions with common parts. */
  List<Expression> draw(int steps, int outputs) {
    List<Expression> pool = new ArrayList<>();
    NAMES.forEach(name -> pool.add(Expression.symbol(name)));
    int leaves = pool.size();
    for (int i = 0; i < steps; i++) {
      pool.add(step(pool));
    }
    List<Expression> drawn = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      drawn.add(pool.get(Math.max(leaves, pool.size() - 1 - 2 * i)));
    }
    return drawn;
  }

  private Expression step(List<Expression> pool) {
    int kind = random.nextInt(20);
    if (kind < 12) {
      return Expression.of(pick(ARITHMETIC), operand(pool), operand(pool));
    }
    if (kind < 15) {
      return Expression.of(pick(FUNCTIONS), operand(pool));
    }
    if (kind < 17) {
      return operand(pool).pow(EXPONENTS[random.nextInt(EXPONENTS.length)]);
    }
    if (kind < 19) {
      return Expression.of(pick(BINARY), operand(pool), operand(pool));
    }
    return Expression.of(Op.WHERE, operand(pool), operand(pool), operand(pool));
  }

  private Op pick(Op[] ops) {
    return ops[random.nextInt(ops.length)];
  }

  /** Rather something recent, so that expressions become deep. */
  private Expression operand(List<Expression> pool) {
    if (random.nextInt(6) == 0) {
      return Expression.constant(CONSTANTS[random.nextInt(CONSTANTS.length)]);
    }
    int back = random.nextInt(1 + random.nextInt(pool.size()));
    return pool.get(pool.size() - 1 - back);
  }
}
