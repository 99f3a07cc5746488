package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sum of terms, at least one. Like terms of one sign are one term, and numbers are one. */
final class Terms {

  /** What terms must have in common to be added. */
  private record Kind(
      Map<Expression, Integer> above, Map<Expression, Integer> below, boolean negative) {

    static Kind of(Term term) {
      // All numbers are of one kind: they are finite.
      boolean negative = term.coefficient().isNegative() && !term.isNumber();
      return new Kind(term.above(), term.below(), negative);
    }
  }

  private final List<Term> terms;

  private Terms(List<Term> terms) {
    this.terms = terms;
  }

  static Terms of(Term term) {
    return new Terms(List.of(term));
  }

  static Terms sum(Terms a, Terms b) {
    List<Term> all = new ArrayList<>(a.terms);
    all.addAll(b.terms);
    return collected(all, false);
  }

  /**
   * Adds like terms.
   *
   * @param outermost whether a sum that is NaN may be infinite instead
   */
  private static Terms collected(List<Term> all, boolean outermost) {
    Map<Kind, Term> kinds = new LinkedHashMap<>();
    for (Term term : all) {
      Kind kind = Kind.of(term);
      Term like = kinds.get(kind);
      Coefficient sum = like == null ? null : like.coefficient().plus(term.coefficient());
      if (like != null && sum == null) {
        // Numbers that add to 0.
        kinds.remove(kind);
      } else {
        kinds.put(kind, like == null ? term : like.with(sum));
      }
    }
    List<Term> sums = new ArrayList<>();
    Set<Kind> done = new HashSet<>();
    for (Term term : kinds.values()) {
      Kind opposite = Kind.of(term.negated());
      Term unlike = opposite.equals(Kind.of(term)) ? null : kinds.get(opposite);
      if (unlike == null) {
        sums.add(term);
      } else if (!done.contains(Kind.of(term))) {
        done.add(opposite);
        sums.addAll(difference(term, unlike, outermost));
      }
    }
    return sums.isEmpty() ? of(Term.of(Expression.constant(0))) : new Terms(List.copyOf(sums));
  }

  /** The sum of two terms of different signs that are else alike: one of them, both or none. */
  private static List<Term> difference(Term a, Term b, boolean outermost) {
    Coefficient rest = a.coefficient().plus(b.coefficient());
    if (rest == null) {
      return a.isEntire() ? List.of() : List.of(a, b);
    }
    return outermost || a.hasNoPole() ? List.of(a.with(rest)) : List.of(a, b);
  }

  /** Terms and factors. */
  int effort() {
    return terms.stream().mapToInt(term -> 1 + term.above().size() + term.below().size()).sum();
  }

  int size() {
    return terms.size();
  }

  Term get(int index) {
    return terms.get(index);
  }

  Terms negated() {
    return new Terms(terms.stream().map(Term::negated).toList());
  }

  /** What may be cancelled in a sum that is no part of anything. */
  Terms outermost() {
    Set<Expression> factors = new LinkedHashSet<>();
    terms.forEach(term -> factors.addAll(term.below().keySet()));
    List<Term> shortened = new ArrayList<>(terms);
    for (Expression factor : factors) {
      boolean entire = ReadableForm.hasNoPole(factor);
      boolean logarithm =
          ReadableForm.logarithms(factor).stream()
              .anyMatch(log -> terms.stream().anyMatch(term -> term.above().containsKey(log)));
      boolean pole = false;
      for (int i = 0; entire && i < shortened.size(); i++) {
        // One that keeps its pole keeps that of the sum.
        Term term = shortened.get(i).shortened(factor, 1);
        shortened.set(i, term);
        pole |= term.below().containsKey(factor) && !term.above().containsKey(factor);
      }
      for (int i = 0; (logarithm || pole) && i < shortened.size(); i++) {
        shortened.set(i, shortened.get(i).shortened(factor, 0));
      }
    }
    return collected(shortened, true);
  }

  /**
   * The same sum with one bracket multiplied out, each that there is in turn.
   *
   * @param sums the terms of each bracket
   */
  List<Terms> multipliedOut(Map<Expression, Terms> sums) {
    List<Terms> candidates = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      for (Map.Entry<Expression, Integer> factor : term.above().entrySet()) {
        Terms bracket = factor.getValue() == 1 ? sums.get(factor.getKey()) : null;
        if (bracket != null) {
          List<Term> all = new ArrayList<>(terms);
          all.remove(i);
          Term rest = term.without(factor.getKey());
          all.addAll(i, bracket.terms.stream().map(rest::times).toList());
          candidates.add(collected(all, true));
        }
      }
    }
    return candidates;
  }

  /** Written out; the first term that is positive comes first. */
  Expression expression() {
    List<Term> ordered = new ArrayList<>(terms);
    for (int i = 0; i < ordered.size(); i++) {
      if (!ordered.get(i).coefficient().isNegative()) {
        ordered.add(0, ordered.remove(i));
        break;
      }
    }
    Expression sum = ordered.get(0).expression();
    for (Term term : ordered.subList(1, ordered.size())) {
      sum =
          term.coefficient().isNegative() ? sum.minus(term.unsigned()) : sum.plus(term.unsigned());
    }
    return sum;
  }
}
