package org.nabla4j.expression;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table that makes equal expressions the same object (hash-consing). It holds them weakly: an
 * expression that nothing else refers to is collected, and its entry is removed on a later call.
 *
 * <p>Arguments of an expression are interned before it, so comparing two of them needs only one
 * level: operation, number, name, and the identity of the arguments.
 */
final class InternTable {
  private final ConcurrentHashMap<Entry, Entry> entries = new ConcurrentHashMap<>();
  private final ReferenceQueue<Expression> collected = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<Expression> {
    private final int hash;

    Entry(Expression expression, ReferenceQueue<Expression> queue) {
      super(expression, queue);
      hash = expression.hashCode();
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      if (!(other instanceof Entry that) || that.hash != hash) {
        return false;
      }
      Expression mine = get();
      Expression theirs = that.get();
      return mine != null && theirs != null && mine.isSameNode(theirs);
    }
  }

  /** The one expression equal to the candidate: an earlier one, or else the candidate itself. */
  Expression intern(Expression candidate) {
    removeCollected();
    Entry entry = new Entry(candidate, collected);
    while (true) {
      Entry present = entries.putIfAbsent(entry, entry);
      if (present == null) {
        return candidate;
      }
      Expression known = present.get();
      if (known != null) {
        return known;
      }
      // Collected between the look-up and get(): its entry goes now, and we try again.
      entries.remove(present, present);
    }
  }

  /** The number of entries, some of which may be of collected expressions. */
  int size() {
    removeCollected();
    return entries.size();
  }

  private void removeCollected() {
    for (Object entry = collected.poll(); entry != null; entry = collected.poll()) {
      // By identity, since a collected entry equals only itself.
      entries.remove(entry);
    }
  }
}
