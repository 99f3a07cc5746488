package org.nabla4j.program;

import java.util.ArrayList;
import java.util.List;

/**
 * How one node of the normal form is to be computed, grouped by dependence: a product of atoms
 * (each the id of a node, or of a pair that several products have in common), a sum of addends and
 * fused products, a reciprocal, a call or an input.
 */
final class Plan {
  enum Kind {
    /** An input or a number. */
    LEAF,
    /** An operation applied to nodes. */
    CALL,
    /** 1 / node. */
    RECIPROCAL,
    PRODUCT,
    SUM
  }

  /** A product of atoms with a sign. */
  static final class Term {
    /** The product without its coefficient, if that is 1 or −1; else null. */
    final Node unit;

    /** Whether the coefficient is −1; the atoms may have taken in the sign. */
    final boolean unitNegative;

    boolean negative;
    int[] atoms;

    Term(Node unit, boolean unitNegative, boolean negative, int... atoms) {
      this.unit = unit;
      this.unitNegative = unitNegative;
      this.negative = negative;
      this.atoms = atoms;
    }

    static Term addend(Node node, boolean negative) {
      return new Term(node, negative, negative, node.id);
    }

    boolean isAddend() {
      return atoms.length == 1;
    }
  }

  /** Id of the node that is wanted. */
  final int id;

  /** What is computed for it: the node itself, or its sum with all signs changed. */
  final Node node;

  final Kind kind;

  /** One for a PRODUCT, any number for a SUM. */
  final List<Term> terms = new ArrayList<>();

  /** Index of the term that a SUM starts with; −1 if all are negative. */
  int start = -1;

  Plan(int id, Node node, Kind kind) {
    this.id = id;
    this.node = node;
    this.kind = kind;
  }

  /** The ids of all that must be computed before. */
  int[] operands() {
    if (kind == Kind.CALL || kind == Kind.RECIPROCAL) {
      int[] ids = new int[node.operands.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = node.operands[i].id;
      }
      return ids;
    }
    int size = 0;
    for (Term term : terms) {
      size += term.atoms.length;
    }
    int[] ids = new int[size];
    for (Term term : terms) {
      for (int atom : term.atoms) {
        ids[--size] = atom;
      }
    }
    return ids;
  }

  /**
   * Chooses what a sum starts with, so that the least has to be negated or multiplied apart: an
   * addend that is not negative, else such a product.
   */
  void chooseStart() {
    start = -1;
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      if (!term.negative && (start < 0 || (term.isAddend() && !terms.get(start).isAddend()))) {
        start = i;
      }
    }
  }
}
