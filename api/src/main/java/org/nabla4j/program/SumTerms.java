package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;

/**
 * A term φ(θ, c, d) of an objective f(θ) = Σ_k φ(θ, c, d_k) and its derivatives, as lists of
 * expressions whose sums over the data points are what methods ask for.
 *
 * <p>Derived when first asked for: the Hessian has p(p+1)/2 expressions, so a method that does not
 * ask for it never pays for it. Thread-safe.
 */
public final class SumTerms {
  private final Expression term;
  private final List<String> parameters;
  private final List<String> directions = new ArrayList<>();
  private List<Expression> gradient;

  /**
   * A term.
   *
   * @param term φ
   * @param parameters the names of θ, in order
   * @param known the names of everything else in φ: constants c and data d
   */
  public SumTerms(Expression term, List<String> parameters, Collection<String> known) {
    this.term = Objects.requireNonNull(term, "term");
    this.parameters = List.copyOf(Objects.requireNonNull(parameters, "parameters"));
    Set<String> taken = new HashSet<>(this.parameters);
    taken.addAll(Objects.requireNonNull(known, "known"));
    for (int next = 0; directions.size() < this.parameters.size(); next++) {
      String name = "v" + next;
      if (!taken.contains(name)) {
        directions.add(name);
      }
    }
  }

  /**
   * φ.
   *
   * @return one expression
   */
  public List<Expression> value() {
    return List.of(term);
  }

  /**
   * φ, then ∇φ.
   *
   * @return 1 + p expressions
   */
  public List<Expression> gradient() {
    List<Expression> entries = new ArrayList<>();
    entries.add(term);
    entries.addAll(derivatives());
    return entries;
  }

  /**
   * φ, ∇φ, then the lower triangle of the Hessian by rows.
   *
   * @return 1 + p + p(p+1)/2 expressions
   */
  public List<Expression> hessian() {
    List<Expression> entries = gradient();
    List<Expression> slopes = derivatives();
    for (int i = 0; i < slopes.size(); i++) {
      entries.addAll(Derivatives.gradient(slopes.get(i), parameters.subList(0, i + 1)));
    }
    return entries;
  }

  /**
   * H·v = ∇(∇φ·v), whose cost is a small multiple of that of φ: H is never formed. The components
   * of v are called {@link #directions()}.
   *
   * @return p expressions
   */
  public List<Expression> product() {
    List<Expression> slopes = derivatives();
    Expression slope = null;
    for (int j = 0; j < slopes.size(); j++) {
      Expression v = Expression.symbol(directions.get(j));
      Expression part = Expression.of(Op.MUL, slopes.get(j), v);
      slope = slope == null ? part : Expression.of(Op.ADD, slope, part);
    }
    return Derivatives.gradient(slope, parameters);
  }

  /**
   * Names for the components of v that nothing else has.
   *
   * @return p names, not modifiable
   */
  public List<String> directions() {
    return List.copyOf(directions);
  }

  private synchronized List<Expression> derivatives() {
    if (gradient == null) {
      gradient = Derivatives.gradient(term, parameters);
    }
    return gradient;
  }
}
