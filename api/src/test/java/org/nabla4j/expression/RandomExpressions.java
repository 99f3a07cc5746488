package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random expressions that share subexpressions, the same for the same seed. */
final class RandomExpressions {
  private static final List<Op> OPERATIONS = operations();

  private final Random random;
  private final List<String> symbols;
  private final List<Op> allowed;
  private final double[] constants;

  RandomExpressions(long seed, List<String> symbols, List<Op> allowed, double... constants) {
    this.random = new Random(seed);
    this.symbols = symbols;
    this.allowed = allowed;
    this.constants = constants;
  }

  /** Every operation that takes arguments. */
  static List<Op> operations() {
    List<Op> operations = new ArrayList<>();
    for (Op op : Op.values()) {
      if (op.arity() > 0) {
        operations.add(op);
      }
    }
    return operations;
  }

  static RandomExpressions ofEverything(long seed, double... constants) {
    return new RandomExpressions(seed, List.of("x", "y_1", "θ"), OPERATIONS, constants);
  }

  /** An expression of so many operations; arguments are earlier results or leaves. */
  Expression next(int operations) {
    List<Expression> made = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      Op op = allowed.get(random.nextInt(allowed.size()));
      Expression[] arguments = new Expression[op.arity()];
      for (int k = 0; k < arguments.length; k++) {
        arguments[k] = argument(made);
      }
      made.add(Expression.of(op, arguments));
    }
    return made.isEmpty() ? leaf() : made.get(made.size() - 1);
  }

  private Expression argument(List<Expression> made) {
    if (made.isEmpty() || random.nextInt(3) == 0) {
      return leaf();
    }
    // Mostly recent results, so that the last one depends on many.
    int back = (int) (made.size() * Math.pow(random.nextDouble(), 4));
    return made.get(made.size() - 1 - back);
  }

  private Expression leaf() {
    if (constants.length > 0 && random.nextInt(3) == 0) {
      return Expression.constant(constants[random.nextInt(constants.length)]);
    }
    return Expression.symbol(symbols.get(random.nextInt(symbols.size())));
  }
}
