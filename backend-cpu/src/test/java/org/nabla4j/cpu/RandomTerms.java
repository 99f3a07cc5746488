package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nabla4j.expression.Expression;

/**
 * Draws smooth terms of parameters a, b, c, a constant k and columns x, y, whose values and
 * derivatives stay moderate.
 */
final class RandomTerms {

  static final List<String> PARAMETERS = List.of("a", "b", "c");

  private static final List<String> NAMES = List.of("a", "b", "c", "k", "x", "y", "a", "b", "c");

  private final Random random;

  RandomTerms(long seed) {
    random = new Random(seed);
  }

  /** Numbers between -1 and 1. */
  double[] numbers(int count) {
    return random.doubles(count, -1, 1).toArray();
  }

  /** A number below the bound. */
  int index(int bound) {
    return random.nextInt(bound);
  }

  /** A term; all columns occur. */
  Expression draw() {
    List<Expression> pool = new ArrayList<>();
    NAMES.forEach(name -> pool.add(Expression.symbol(name)));
    int steps = 4 + random.nextInt(12);
    for (int i = 0; i < steps; i++) {
      pool.add(step(pick(pool), pick(pool)));
    }
    Expression result = pool.get(pool.size() - 1).plus(pool.get(pool.size() - 2));
    return result
        .plus(Expression.symbol("a").times(Expression.symbol("x")))
        .plus(Expression.symbol("b").minus(Expression.symbol("y")).pow(2));
  }

  private Expression pick(List<Expression> pool) {
    int back = random.nextInt(1 + random.nextInt(pool.size()));
    return pool.get(pool.size() - 1 - back);
  }

  /** Nothing that is small is divided by, and nothing large is exponentiated. */
  private Expression step(Expression u, Expression v) {
    Expression one = Expression.constant(1);
    return switch (random.nextInt(12)) {
      case 0 -> u.plus(v);
      case 1 -> u.minus(v);
      case 2 -> u.tanh().times(v.tanh());
      case 3 -> u.tanh().exp();
      case 4 -> u.times(u).plus(1).log();
      case 5 -> u.sin();
      case 6 -> u.cos().times(0.5);
      case 7 -> v.tanh().dividedBy(one.plus(u.times(u)));
      case 8 -> u.times(u).plus(1).sqrt();
      case 9 -> u.tanh().pow(3);
      case 10 -> u.atan();
      default -> one.plus(u.tanh().exp()).log();
    };
  }
}
