package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/** Statements that are executed one after the other: once, or once for each step of a loop. */
final class Region {

  /** One statement. */
  sealed interface Statement permits Define, Store, Accumulate, Signal, Begin, End {}

  /** A value becomes available. */
  record Define(Value value) implements Statement {}

  /** Lanes are written to memory. */
  record Store(Place place, int offset, Real value) implements Statement {}

  /** An accumulator grows: by {@code a·b}, or by {@code a} where {@code b} is null. */
  record Accumulate(Accumulator accumulator, Real a, Real b) implements Statement {}

  /** An element of the tile is set to 1 when any lane of the mask is set. */
  record Signal(int element, Mask mask) implements Statement {}

  /** What follows is executed only if any lane of the mask is set, for all lanes then. */
  record Begin(Mask mask) implements Statement {}

  /** The end of what began last. */
  record End() implements Statement {}

  /** A sum over the steps of a loop; starts at zero with each evaluation. */
  static final class Accumulator {
    /** Index of its slot in the tile while it is not in a register. */
    final int slot;

    Accumulator(int slot) {
      this.slot = slot;
    }
  }

  final int index;

  /** Elements of i from one step to the next; 0 for a region that is executed once. */
  final int step;

  /** Method of the same class that is called here instead of statements, or null. */
  final String call;

  final List<Statement> statements = new ArrayList<>();
  final Map<Object, Value> known = new HashMap<>();

  Region(int index, int step, String call) {
    this.index = index;
    this.step = step;
    this.call = call;
  }

  boolean isLoop() {
    return step != 0;
  }

  void define(Value value) {
    value.position = statements.size();
    statements.add(new Define(value));
  }

  void add(Statement statement) {
    statements.add(statement);
  }

  /** The values that a statement reads. */
  static Value[] operands(Statement statement) {
    if (statement instanceof Define d) {
      return d.value().operands;
    } else if (statement instanceof Store s) {
      return new Value[] {s.value()};
    } else if (statement instanceof Accumulate a) {
      return a.b() == null ? new Value[] {a.a()} : new Value[] {a.a(), a.b()};
    }
    if (statement instanceof Begin b) {
      return new Value[] {b.mask()};
    } else if (statement instanceof Signal g) {
      return new Value[] {g.mask()};
    }
    return new Value[0];
  }
}
