package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Finds what many products have in common, so that fewer multiplications compute them all.
 *
 * <p>First each product is divided by the largest other product that is needed anyway; then the
 * pair of atoms that occurs in most products becomes an atom of its own, again and again until no
 * pair occurs twice (greedy two-term common subexpressions, after Hartley 1996).
 */
final class Factorizer {
  /** Longer products are multiplied from left to right: pairs are counted in quadratic time. */
  private static final int MAX_ATOMS = 32;

  private static final int MAX_CANDIDATES = 64;

  /** A product whose atoms are replaced as common parts are found. */
  static final class Item {
    /** The id that the finished product has; −1 if it is only a part of a fused sum. */
    final int id;

    /** Whether the last multiplication is part of a fused multiply-add and so costs nothing. */
    final boolean fused;

    int[] atoms;

    Item(int id, boolean fused, int[] atoms) {
      this.id = id;
      this.fused = fused;
      this.atoms = atoms;
    }

    private boolean counts() {
      return atoms.length >= (fused ? 3 : 2) && atoms.length <= MAX_ATOMS;
    }
  }

  private final List<Item> items;
  private final int firstPair;
  private final List<int[]> pairs = new ArrayList<>();
  private final Map<Long, Pair> found = new HashMap<>();

  /**
   * Pairs that occur twice, by falling count. The count of an entry is never below the pair's own:
   * one that falls is not queued again before its entry is taken out, which keeps the queue short.
   */
  private final PriorityQueue<Entry> queue = new PriorityQueue<>();

  /** Two atoms, and the products that they are, or were, part of. */
  private static final class Pair {
    final long key;
    final List<Item> where = new ArrayList<>();
    int count;

    /** The count of its last entry in the queue: earlier ones do not count. */
    int queued;

    Pair(long key) {
      this.key = key;
    }
  }

  /** A pair with the count that it had when it was queued. */
  private static final class Entry implements Comparable<Entry> {
    final Pair pair;
    final int count;

    Entry(Pair pair) {
      this.pair = pair;
      this.count = pair.count;
    }

    @Override
    public int compareTo(Entry other) {
      return count != other.count
          ? Integer.compare(other.count, count)
          : Long.compare(pair.key, other.pair.key);
    }
  }

  /**
   * Prepares a search.
   *
   * @param items the products; their atoms are replaced
   * @param firstPair ids from here on name pairs
   */
  Factorizer(List<Item> items, int firstPair) {
    this.items = items;
    this.firstPair = firstPair;
  }

  /** The pairs found; pair number i has id {@code firstPair + i} and may be made of pairs. */
  List<int[]> run() {
    divideByProducts();
    extractPairs();
    return pairs;
  }

  private void divideByProducts() {
    Map<Integer, Integer> frequency = new HashMap<>();
    for (Item item : items) {
      for (int atom : item.atoms) {
        frequency.merge(atom, 1, Integer::sum);
      }
    }
    // Each product that has a value of its own is listed under its rarest atom.
    Map<Integer, List<Item>> divisors = new HashMap<>();
    for (Item item : items) {
      if (item.id >= 0 && item.atoms.length <= MAX_ATOMS) {
        int rarest = item.atoms[0];
        for (int atom : item.atoms) {
          if (frequency.get(atom) < frequency.get(rarest)) {
            rarest = atom;
          }
        }
        divisors
            .computeIfAbsent(rarest, key -> new ArrayList<>())
            .add(new Item(item.id, false, item.atoms.clone()));
      }
    }
    for (Item item : items) {
      if (item.atoms.length <= MAX_ATOMS) {
        Item divisor = largestDivisor(item, divisors);
        while (divisor != null) {
          item.atoms = replace(item.atoms, divisor.atoms, divisor.id);
          divisor = largestDivisor(item, divisors);
        }
      }
    }
  }

  private static Item largestDivisor(Item item, Map<Integer, List<Item>> divisors) {
    Item best = null;
    int previous = -1;
    for (int atom : item.atoms) {
      if (atom == previous) {
        continue;
      }
      previous = atom;
      List<Item> candidates = divisors.getOrDefault(atom, List.of());
      for (int i = 0; i < Math.min(candidates.size(), MAX_CANDIDATES); i++) {
        Item candidate = candidates.get(i);
        if (candidate.id != item.id
            && candidate.atoms.length < item.atoms.length
            && (best == null || candidate.atoms.length > best.atoms.length)
            && contains(item.atoms, candidate.atoms)) {
          best = candidate;
        }
      }
    }
    return best;
  }

  /** Whether one sorted multiset is part of another. */
  private static boolean contains(int[] atoms, int[] part) {
    int i = 0;
    for (int atom : part) {
      while (i < atoms.length && atoms[i] < atom) {
        i++;
      }
      if (i == atoms.length || atoms[i] != atom) {
        return false;
      }
      i++;
    }
    return true;
  }

  private static int[] replace(int[] atoms, int[] part, int id) {
    int[] result = new int[atoms.length - part.length + 1];
    int size = 0;
    int next = 0;
    for (int atom : atoms) {
      if (next < part.length && part[next] == atom) {
        next++;
      } else {
        result[size++] = atom;
      }
    }
    result[size] = id;
    Arrays.sort(result);
    return result;
  }

  private void extractPairs() {
    for (Item item : items) {
      count(item, 1);
    }
    while (!queue.isEmpty()) {
      Entry top = queue.remove();
      Pair pair = top.pair;
      if (top.count != pair.queued) {
        continue; // superseded: the count had risen since
      }
      pair.queued = 0;
      if (pair.count == top.count) {
        extract(pair);
      } else if (pair.count >= 2) {
        enqueue(pair);
      }
    }
  }

  private void enqueue(Pair pair) {
    pair.queued = pair.count;
    queue.add(new Entry(pair));
  }

  private void extract(Pair common) {
    int[] pair = {(int) (common.key >>> 32), (int) common.key};
    List<Item> users = List.copyOf(common.where);
    common.where.clear();
    int id = -1;
    for (Item user : users) {
      if (user.id >= 0 && Arrays.equals(user.atoms, pair)) {
        id = user.id; // the pair is a whole product: it has a name already
      }
    }
    if (id < 0) {
      id = firstPair + pairs.size();
      pairs.add(pair);
    }
    for (Item user : users) {
      if (user.id == id || !user.counts() || !contains(user.atoms, pair)) {
        continue;
      }
      count(user, -1);
      while (user.atoms.length > 1 && contains(user.atoms, pair)) {
        user.atoms = replace(user.atoms, pair, id);
      }
      count(user, 1);
    }
    common.count = 0;
  }

  /** Adds or takes away one product's pairs. */
  private void count(Item item, int sign) {
    if (!item.counts()) {
      return;
    }
    int[] atoms = item.atoms;
    for (int i = 0; i < atoms.length; i = end(atoms, i)) {
      int endI = end(atoms, i);
      if (endI - i > 1) {
        count(item, atoms[i], atoms[i], sign * ((endI - i) / 2));
      }
      for (int j = endI; j < atoms.length; j = end(atoms, j)) {
        count(item, atoms[i], atoms[j], sign * Math.min(endI - i, end(atoms, j) - j));
      }
    }
  }

  private static int end(int[] atoms, int i) {
    int end = i + 1;
    while (end < atoms.length && atoms[end] == atoms[i]) {
      end++;
    }
    return end;
  }

  private void count(Item item, int a, int b, int change) {
    long key = ((long) a << 32) | b;
    Pair pair = found.computeIfAbsent(spread(key), unused -> new Pair(key));
    pair.count += change;
    if (change > 0) {
      pair.where.add(item);
      if (pair.count >= 2 && pair.count > pair.queued) {
        enqueue(pair);
      }
    }
  }

  /** One to one; without it, all pairs of neighbouring ids would have the same hash code. */
  private static long spread(long key) {
    return key * 0x9E3779B97F4A7C15L;
  }
}
