package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.DCONST_0;
import static org.objectweb.asm.Opcodes.FCONST_0;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.cpu.codegen.Region.Accumulate;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Region.Begin;
import org.nabla4j.cpu.codegen.Region.Define;
import org.nabla4j.cpu.codegen.Region.End;
import org.nabla4j.cpu.codegen.Region.Statement;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Turns the regions of a {@link LaneCode} into static methods that the JIT compiles well.
 *
 * <p>HotSpot's C1 fails on large methods full of vector operations, and such a method may then
 * never reach C2; methods over 8000 bytes are not compiled at all. So a procedure becomes one
 * method while that stays small, with every value in a local variable. Otherwise its regions are
 * cut into pieces, a method each, and what crosses a cut lies in the tile: values of straight
 * regions in a slot each, values of a loop in a slot for each data point of a block of points.
 */
final class ProcedureAssembler {

  /** Largest bytecode size of a method that C2 was seen to compile well. */
  static final int MAXIMUM_METHOD_SIZE = 7000;

  /** The same where C1 may compile it too: it was never seen to fail below this size. */
  static final int MAXIMUM_METHOD_SIZE_FOR_C1 = 1700;

  /**
   * Elements of the tile that a block of points may occupy: a good part of the first-level cache.
   */
  private static final int BLOCK_BYTES = 24 * 1024;

  /** Bytes of the widest vector: blocks are cut for it everywhere, so that sums group alike. */
  private static final int WIDEST_VECTOR = 64;

  /** Part of a region that lies in one method. */
  record Segment(Region region, List<Statement> statements) {}

  /** Where a value lies between methods. */
  record Crossing(Value value, Place place) {}

  /**
   * What was made.
   *
   * @param tileSize elements of the tile, spill slots included
   * @param block points that are worked on at a time where the procedure had to be cut
   * @param methods number of methods
   * @param largestMethod bytes of the largest of them
   * @param flops operations of one lane for each point, and for each evaluation beside
   */
  record Assembled(int tileSize, int block, int methods, int largestMethod, Flops flops) {}

  /** Counted floating-point operations of one lane. */
  record Flops(long perPoint, long perEvaluation) {}

  private final ClassVisitor owner;
  private final String ownerName;
  private final String name;
  private final LaneCode code;
  private final String descriptor;
  private final int tileSize;
  private final int budget;
  private int zeroFrom;
  private int zeroTo;
  private final Set<Value> live = new HashSet<>();

  /**
   * Prepares a procedure.
   *
   * @param owner class that gets the methods
   * @param ownerName its internal name
   * @param name name of the procedure's entry method; other methods are called {@code name$k}
   * @param code what it does
   * @param descriptor of all its methods: (tile, data, shared data, int from, int to)
   * @param tileSize elements of the tile in use by the caller; slots are added after them
   * @param budget estimated bytes at which a method is cut
   */
  ProcedureAssembler(
      ClassVisitor owner,
      String ownerName,
      String name,
      LaneCode code,
      String descriptor,
      int tileSize,
      int budget) {
    this.owner = owner;
    this.ownerName = ownerName;
    this.name = name;
    this.code = code;
    this.descriptor = descriptor;
    this.tileSize = tileSize;
    this.budget = budget;
  }

  /** Elements of the tile that are set to zero before a procedure that works in blocks begins. */
  void zeroBefore(int from, int to) {
    zeroFrom = from;
    zeroTo = to;
  }

  /**
   * Points of a block in which each point has so many values: the same for every target.
   *
   * @param valuesPerPoint lane values that are stored for a point
   * @return points, between 4 and 256
   */
  static int blockSize(int valuesPerPoint) {
    return Math.max(4, Math.min(256, BLOCK_BYTES / (valuesPerPoint * WIDEST_VECTOR)));
  }

  /**
   * Writes the methods.
   *
   * @param blockHook a method that is called for each block of points after the loop, with the
   *     arguments of all others, or null
   * @param maximumBlock most points of a block, where there is a hook
   */
  Assembled assemble(String blockHook, int maximumBlock) {
    findLive();
    List<Segment> all = new ArrayList<>();
    SizeEstimate estimate = new SizeEstimate(code.target());
    int size = 20 * code.accumulators().size();
    for (Region r : code.regions()) {
      List<Statement> kept = kept(r);
      if (!kept.isEmpty() || r.call != null) {
        all.add(new Segment(r, kept));
        size += kept.stream().mapToInt(estimate::of).sum();
      }
    }
    Flops flops = flops(all);
    boolean calls = code.regions().stream().anyMatch(r -> r.call != null);
    if (blockHook == null && !calls && size <= budget) {
      int bytes =
          new MethodEmitter(code, all, Map.of(), Map.of(), -1).emit(owner, name, descriptor);
      return new Assembled(tileSize, Integer.MAX_VALUE, 1, bytes, flops);
    }
    return assemblePieces(all, blockHook, maximumBlock, flops);
  }

  private Assembled assemblePieces(
      List<Segment> all, String blockHook, int maximumBlock, Flops flops) {
    List<Segment> pieces = new ArrayList<>();
    for (Segment s : all) {
      pieces.addAll(cut(s));
    }
    int lanes = code.target().lanes();
    int accumulatorBase = tileSize;
    int next = tileSize + lanes * code.accumulators().size();
    Map<Value, Integer> pieceOf = new HashMap<>();
    for (int k = 0; k < pieces.size(); k++) {
      for (Statement s : pieces.get(k).statements()) {
        if (s instanceof Define d) {
          pieceOf.put(d.value(), k);
        }
      }
    }
    Map<Value, Boolean> crossing = new LinkedHashMap<>();
    for (int k = 0; k < pieces.size(); k++) {
      for (Statement s : pieces.get(k).statements()) {
        for (Value o : Region.operands(s)) {
          if (!o.isConstant() && !isFree(o) && pieceOf.get(o) != k) {
            crossing.put(o, o.region.isLoop());
          }
        }
      }
    }
    int stored = (int) crossing.values().stream().filter(l -> l).count();
    // a whole number of elements for each point, also where one lane takes every few points only
    int perPoint = (stored * lanes + largestStep() - 1) / largestStep() * largestStep();
    Map<Value, Place> places = new HashMap<>();
    for (Map.Entry<Value, Boolean> e : crossing.entrySet()) {
      if (!e.getValue()) {
        places.put(e.getKey(), Place.tile(next));
        next += lanes;
      }
    }
    int block = maximumBlock;
    if (blockHook == null) {
      block = blockSize(Math.max(1, stored)) * largestStep();
    }
    int slot = next;
    for (Map.Entry<Value, Boolean> e : crossing.entrySet()) {
      if (e.getValue()) {
        places.put(e.getKey(), Place.block(slot, perPoint / largestStep()));
        slot += lanes;
      }
    }
    next += perPoint * (block / largestStep());
    List<String> names = new ArrayList<>();
    int largest = 0;
    for (int k = 0; k < pieces.size(); k++) {
      Segment piece = pieces.get(k);
      Map<Value, Place> exports = new LinkedHashMap<>();
      for (Statement s : piece.statements()) {
        if (s instanceof Define d && places.containsKey(d.value())) {
          exports.put(d.value(), places.get(d.value()));
        }
      }
      if (piece.region().call != null) {
        names.add(piece.region().call);
        continue;
      }
      String pieceName = name + "$" + k;
      names.add(pieceName);
      largest =
          Math.max(
              largest,
              new MethodEmitter(code, List.of(piece), places, exports, accumulatorBase)
                  .emit(owner, pieceName, descriptor));
    }
    emitDriver(pieces, names, block, accumulatorBase, blockHook);
    return new Assembled(next, block, pieces.size(), largest, flops);
  }

  private int largestStep() {
    return code.regions().stream().mapToInt(r -> Math.max(1, r.step)).max().orElse(1);
  }

  /** Calls the pieces in order; those of loops once for each block of points. */
  private void emitDriver(
      List<Segment> pieces, List<String> names, int block, int accumulatorBase, String hook) {
    MethodVisitor m = owner.visitMethod(ACC_STATIC, name, descriptor, null, null);
    m.visitCode();
    int lanes = code.target().lanes();
    emitZero(m, accumulatorBase, accumulatorBase + lanes * code.accumulators().size());
    emitZero(m, zeroFrom, zeroTo);
    int k = 0;
    for (; k < pieces.size() && !pieces.get(k).region().isLoop(); k++) {
      call(m, names.get(k), 3, 4);
    }
    if (k < pieces.size()) {
      int last = k;
      while (last < pieces.size() && pieces.get(last).region().isLoop()) {
        last++;
      }
      // local 5: start of the block, local 6: its end
      Label top = new Label();
      Label end = new Label();
      m.visitVarInsn(ILOAD, 3);
      m.visitVarInsn(ISTORE, 5);
      m.visitLabel(top);
      m.visitVarInsn(ILOAD, 5);
      m.visitVarInsn(ILOAD, 4);
      m.visitJumpInsn(IF_ICMPGE, end);
      m.visitVarInsn(ILOAD, 5);
      m.visitLdcInsn(block);
      m.visitInsn(IADD);
      m.visitVarInsn(ILOAD, 4);
      m.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "min", "(II)I", false);
      m.visitVarInsn(ISTORE, 6);
      for (; k < last; k++) {
        call(m, names.get(k), 5, 6);
      }
      if (hook != null) {
        call(m, hook, 5, 6);
      }
      m.visitVarInsn(ILOAD, 6);
      m.visitVarInsn(ISTORE, 5);
      m.visitJumpInsn(GOTO, top);
      m.visitLabel(end);
      for (; k < pieces.size(); k++) {
        call(m, names.get(k), 3, 4);
      }
    }
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void emitZero(MethodVisitor m, int from, int to) {
    if (from < to) {
      m.visitVarInsn(ALOAD, 0);
      m.visitLdcInsn(from);
      m.visitLdcInsn(to);
      boolean isDouble = code.target().isDouble();
      m.visitInsn(isDouble ? DCONST_0 : FCONST_0);
      m.visitMethodInsn(
          INVOKESTATIC, "java/util/Arrays", "fill", isDouble ? "([DIID)V" : "([FIIF)V", false);
    }
  }

  private void call(MethodVisitor m, String method, int from, int to) {
    m.visitVarInsn(ALOAD, 0);
    m.visitVarInsn(ALOAD, 1);
    m.visitVarInsn(ALOAD, 2);
    m.visitVarInsn(ILOAD, from);
    m.visitVarInsn(ILOAD, to);
    m.visitMethodInsn(INVOKESTATIC, ownerName, method, descriptor, false);
  }

  /** Reads of memory that never changes are repeated where they are needed, not carried over. */
  static boolean isFree(Value v) {
    return v.place != null && v.place.readOnly();
  }

  private void findLive() {
    List<Value> work = new ArrayList<>();
    for (Region r : code.regions()) {
      for (Statement s : r.statements) {
        if (!(s instanceof Define)) {
          work.addAll(List.of(Region.operands(s)));
        }
      }
    }
    while (!work.isEmpty()) {
      Value v = work.remove(work.size() - 1);
      if (live.add(v)) {
        work.addAll(List.of(v.operands));
      }
    }
  }

  private List<Statement> kept(Region r) {
    return r.statements.stream()
        .filter(s -> !(s instanceof Define d) || live.contains(d.value()))
        .toList();
  }

  private List<Segment> cut(Segment segment) {
    List<Segment> pieces = new ArrayList<>();
    List<Statement> piece = new ArrayList<>();
    Set<Accumulator> accumulators = new HashSet<>();
    SizeEstimate estimate = new SizeEstimate(code.target());
    int size = 0;
    int depth = 0;
    for (Statement s : segment.statements()) {
      int cost = estimate.of(s);
      if (s instanceof Accumulate a && accumulators.add(a.accumulator())) {
        cost += 30;
      }
      // a branch must not leave its method
      if (size + cost > budget && !piece.isEmpty() && depth == 0) {
        pieces.add(new Segment(segment.region(), piece));
        piece = new ArrayList<>();
        accumulators.clear();
        estimate = new SizeEstimate(code.target());
        size = 0;
        cost = estimate.of(s);
      }
      depth += s instanceof Begin ? 1 : s instanceof End ? -1 : 0;
      piece.add(s);
      size += cost;
    }
    pieces.add(new Segment(segment.region(), piece));
    return pieces;
  }

  private Flops flops(List<Segment> all) {
    long point = 0;
    long evaluation = 0;
    for (Segment s : all) {
      long count = 0;
      int depth = 0;
      for (Statement t : s.statements()) {
        depth += t instanceof Begin ? 1 : t instanceof End ? -1 : 0;
        if (depth > 0) {
          // seldom executed: not counted
          continue;
        }
        if (t instanceof Define d) {
          count += d.value().kind.flops();
        } else if (t instanceof Accumulate a) {
          count += a.b() == null ? 1 : 2;
        }
      }
      if (s.region().isLoop()) {
        point += count;
      } else {
        evaluation += count;
      }
    }
    return new Flops(point, evaluation);
  }

  /** Bytes of bytecode that a statement takes, rather too many than too few. */
  private static final class SizeEstimate {
    private final boolean vector;

    /** Bytes to load a value that another method left in the tile. */
    private static final int IMPORT = 16;

    private final Set<Value> known = new HashSet<>();

    SizeEstimate(Target target) {
      vector = target.isVector();
    }

    int of(Statement s) {
      int size = ofOperation(s);
      for (Value o : Region.operands(s)) {
        // made or loaded once for each method
        if ((vector || !o.isConstant()) && known.add(o)) {
          size += o.isConstant() ? 11 : IMPORT;
        }
      }
      if (s instanceof Define d) {
        known.add(d.value());
      }
      return size;
    }

    private int ofOperation(Statement s) {
      if (s instanceof Define d) {
        return switch (d.value().kind) {
          case LOAD, BROADCAST -> vector ? 18 : 10;
          case SLOW_PATH -> 60;
          case LT, LE, EQ, NE, BITS_LT, BITS_EQ -> vector ? 12 : 14;
          case SELECT, BITS_SELECT -> vector ? 9 : 14;
          case BITS_SHL, BITS_LSHR, BITS_ASHR -> vector ? 13 : 7;
          case BITS_MIN, BITS_MAX, BITS_XOR -> vector ? 11 : 9;
          default -> vector ? 11 : 8;
        };
      } else if (s instanceof Accumulate) {
        return vector ? 17 : 12;
      } else if (s instanceof Region.Store) {
        return 14;
      }
      return 14;
    }
  }
}
