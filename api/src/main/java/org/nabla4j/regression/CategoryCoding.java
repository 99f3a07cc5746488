package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.expression.Expression;

/**
 * Chooses for each term which levels of its categories have columns, so that the columns of all
 * terms are independent.
 *
 * <p>The space that a term of categories S spans is the direct sum, over the subsets U of S, of the
 * interactions of U proper, in which every category of U lacks its reference level. A term adds
 * those U that no term with the same quantities has added before. Two of them that differ in one
 * category, U and U ∪ {c}, are the same as U ∪ {c} with all levels of c: so they are joined as far
 * as it goes (the rule of patsy, Smith 2012).
 */
final class CategoryCoding {
  static final int MOST_CATEGORIES = 8;

  /**
   * Columns of a term: the products of the levels of some of its categories.
   *
   * @param present bit i set if the term's category i is a factor
   * @param full bit i set if all levels of it have columns, the reference too
   */
  record Block(int present, int full) {

    private boolean absorbs(Block smaller) {
      int extra = present & ~smaller.present;
      return (smaller.present & ~present) == 0
          && Integer.bitCount(extra) == 1
          && full == smaller.full;
    }

    private Block with(Block smaller) {
      return new Block(present, full | (present & ~smaller.present));
    }
  }

  /** For the quantities of terms so far the interactions of categories that they span. */
  private final Map<Set<Expression>, Set<Set<String>>> spanned = new HashMap<>();

  /** Has to be told first, and of all terms in the order of their number of factors. */
  void addIntercept() {
    spanned.computeIfAbsent(Set.of(), key -> new HashSet<>()).add(Set.of());
  }

  /** The blocks of columns that a term adds; none if other terms span all of it. */
  List<Block> add(Term term) {
    List<String> categories = term.categories();
    Set<Set<String>> before =
        spanned.computeIfAbsent(Set.copyOf(term.quantities()), key -> new HashSet<>());
    List<Block> blocks = new ArrayList<>();
    for (int present = 0; present < 1 << categories.size(); present++) {
      Set<String> subset = new HashSet<>();
      for (int i = 0; i < categories.size(); i++) {
        if ((present >> i & 1) != 0) {
          subset.add(categories.get(i));
        }
      }
      if (before.add(subset)) {
        blocks.add(new Block(present, 0));
      }
    }
    blocks.sort(Comparator.comparingInt(block -> Integer.bitCount(block.present)));
    boolean joined = true;
    while (joined) {
      joined = joinTwo(blocks);
    }
    return blocks;
  }

  private static boolean joinTwo(List<Block> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      for (int k = i + 1; k < blocks.size(); k++) {
        if (blocks.get(k).absorbs(blocks.get(i))) {
          blocks.set(k, blocks.get(k).with(blocks.get(i)));
          blocks.remove(i);
          return true;
        }
      }
    }
    return false;
  }
}
