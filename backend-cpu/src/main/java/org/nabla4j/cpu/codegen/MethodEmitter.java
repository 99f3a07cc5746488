package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.cpu.codegen.ProcedureAssembler.Segment;
import org.nabla4j.cpu.codegen.Region.Accumulate;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Region.Begin;
import org.nabla4j.cpu.codegen.Region.Define;
import org.nabla4j.cpu.codegen.Region.End;
import org.nabla4j.cpu.codegen.Region.Signal;
import org.nabla4j.cpu.codegen.Region.Statement;
import org.nabla4j.cpu.codegen.Region.Store;
import org.nabla4j.cpu.codegen.Value.Kind;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes one static method (tile, data, shared, from, to) for one or more segments.
 *
 * <p>A value that is used once is computed on the operand stack where it is used; all others live
 * in a local variable from their definition to their last use, whose slot is then used again.
 */
final class MethodEmitter {

  private static final int TILE = 0;
  private static final int SHARED = 2;
  private static final int FROM = 3;
  private static final int TO = 4;
  private static final int FIRST_LOCAL = 5;

  /** Deepest expression that is computed on the operand stack; bounds recursion here. */
  private static final int MAXIMUM_DEPTH = 48;

  private record Moving(int stride, boolean relative) {}

  private final Target target;
  private final List<Segment> segments;
  private final Map<Value, Place> imports;
  private final Map<Value, Place> exports;
  private final int accumulatorBase;
  private final Instructions instructions;

  private final Map<Value, Integer> uses = new HashMap<>();
  private final Map<Value, Integer> segmentOf = new HashMap<>();
  private final Set<Value> usedElsewhere = new HashSet<>();
  private final Set<Value> inlined = new HashSet<>();
  private final Map<Value, Integer> locals = new HashMap<>();
  private final Map<Value, Statement> root = new HashMap<>();
  private final IdentityHashMap<Statement, List<Value>> lastUses = new IdentityHashMap<>();
  private final IdentityHashMap<Statement, Integer> orders = new IdentityHashMap<>();
  private final Map<Accumulator, Integer> accumulatorLocals = new LinkedHashMap<>();
  private final Map<Moving, Integer> addressLocals = new LinkedHashMap<>();
  private final Map<Integer, Integer> columnLocals = new LinkedHashMap<>();
  private final Deque<Integer> freeSingle = new ArrayDeque<>();
  private final Deque<Integer> freeDouble = new ArrayDeque<>();
  private final Deque<Label> skips = new ArrayDeque<>();
  private MethodVisitor m;
  private int nextLocal = FIRST_LOCAL;
  private int pointLocal = -1;

  /**
   * Prepares a method.
   *
   * @param code owner of the values
   * @param segments what the method does, in order
   * @param imports places of values that other methods leave in the tile
   * @param exports places where this method leaves values for others
   * @param accumulatorBase first element of the accumulators' slots, or −1 if they need none
   */
  MethodEmitter(
      LaneCode code,
      List<Segment> segments,
      Map<Value, Place> imports,
      Map<Value, Place> exports,
      int accumulatorBase) {
    this.target = code.target();
    this.segments = segments;
    this.imports = imports;
    this.exports = exports;
    this.accumulatorBase = accumulatorBase;
    this.instructions =
        target.isVector() ? new VectorInstructions(target) : new ScalarInstructions(target);
  }

  /** Writes the method and returns its size in bytes. */
  int emit(ClassVisitor owner, String name, String descriptor) {
    m = owner.visitMethod(ACC_STATIC, name, descriptor, null, null);
    instructions.begin(m, this::push, this::allocate);
    m.visitCode();
    count();
    chooseInlined();
    findLastUses();
    loadColumns();
    materialiseConstants();
    initialiseAccumulators();
    for (int k = 0; k < segments.size(); k++) {
      emitSegment(k);
    }
    if (accumulatorBase >= 0 && segments.get(0).region().isLoop()) {
      accumulatorLocals.forEach(
          (a, local) -> {
            instructions.store(
                () -> instructions.loadLocal(Kind.ADD, local),
                () -> pushArray(accumulatorPlace(a)),
                () -> pushIndex(accumulatorPlace(a), 0));
          });
    }
    m.visitInsn(RETURN);
    Label end = new Label();
    m.visitLabel(end);
    int size = end.getOffset();
    m.visitMaxs(0, 0);
    m.visitEnd();
    return size;
  }

  // ---- analysis

  private void count() {
    for (int k = 0; k < segments.size(); k++) {
      for (Statement s : segments.get(k).statements()) {
        if (s instanceof Define d) {
          segmentOf.put(d.value(), k);
        }
      }
    }
    for (int k = 0; k < segments.size(); k++) {
      for (Statement s : segments.get(k).statements()) {
        for (Value o : Region.operands(s)) {
          uses.merge(o, 1, Integer::sum);
          if (!o.isConstant() && segmentOf.getOrDefault(o, -1) != k) {
            usedElsewhere.add(o);
          }
        }
      }
    }
  }

  /** Whether the value can be computed at its use as well as at its definition. */
  private static boolean isMovable(Value v) {
    return switch (v.kind) {
      case LOAD, BROADCAST -> v.place.readOnly();
      case SLOW_PATH, ACCUMULATED -> false;
      default -> true;
    };
  }

  private void chooseInlined() {
    Map<Value, Integer> depth = new HashMap<>();
    for (Segment segment : segments) {
      for (Statement s : segment.statements()) {
        if (s instanceof Define d) {
          Value v = d.value();
          int deepest = 0;
          for (Value o : v.operands) {
            deepest = Math.max(deepest, depth.getOrDefault(o, 0));
          }
          boolean inline =
              uses.getOrDefault(v, 0) == 1
                  && isMovable(v)
                  && !usedElsewhere.contains(v)
                  && !exports.containsKey(v)
                  && deepest < MAXIMUM_DEPTH;
          if (inline) {
            inlined.add(v);
            depth.put(v, deepest + 1);
          }
        }
        if (s instanceof Define d && d.value().kind == Kind.SLOW_PATH) {
          // its operands are read more than once
          for (Value o : d.value().operands) {
            inlined.remove(o);
            depth.remove(o);
          }
        }
      }
    }
  }

  /** For each value that lives in a local variable, the statement that reads it last. */
  private void findLastUses() {
    for (Segment segment : segments) {
      List<Statement> statements = segment.statements();
      Map<Value, Statement> last = new LinkedHashMap<>();
      for (int i = statements.size() - 1; i >= 0; i--) {
        Statement s = statements.get(i);
        Statement at = s;
        if (s instanceof Define d && inlined.contains(d.value())) {
          at = root.get(d.value());
        }
        for (Value o : Region.operands(s)) {
          if (inlined.contains(o)) {
            root.put(o, at);
          } else if (!o.isConstant() && !usedElsewhere.contains(o)) {
            Statement known = last.get(o);
            if (known == null || order(statements, known) < order(statements, at)) {
              last.put(o, at);
            }
          }
        }
      }
      last.forEach((v, s) -> lastUses.computeIfAbsent(s, k -> new ArrayList<>()).add(v));
    }
  }

  private int order(List<Statement> statements, Statement s) {
    Integer known = orders.get(s);
    if (known == null) {
      for (int i = 0; i < statements.size(); i++) {
        orders.put(statements.get(i), i);
      }
      known = orders.get(s);
    }
    return known;
  }

  // ---- what stands before everything else

  private void loadColumns() {
    Set<Integer> columns = new LinkedHashSet<>();
    for (Segment segment : segments) {
      for (Statement s : segment.statements()) {
        if (s instanceof Define d && d.value().place != null) {
          addColumn(columns, d.value());
        }
        for (Value o : Region.operands(s)) {
          addColumn(columns, o);
        }
      }
    }
    for (int c : columns) {
      m.visitVarInsn(ALOAD, SHARED);
      m.visitLdcInsn(c);
      m.visitInsn(AALOAD);
      int local = nextLocal++;
      m.visitVarInsn(ASTORE, local);
      columnLocals.put(c, local);
    }
  }

  private static void addColumn(Set<Integer> columns, Value v) {
    if (v.place != null && v.place.array().column() >= 0) {
      columns.add(v.place.array().column());
    }
  }

  private void materialiseConstants() {
    if (!target.isVector()) {
      return;
    }
    Set<Value> constants = new LinkedHashSet<>();
    for (Segment segment : segments) {
      for (Statement s : segment.statements()) {
        for (Value o : Region.operands(s)) {
          if (o.isConstant() && (uses.get(o) > 1 || segment.region().isLoop())) {
            constants.add(o);
          }
        }
      }
    }
    for (Value c : constants) {
      compute(c);
      storeLocal(c);
    }
  }

  private void initialiseAccumulators() {
    for (Segment segment : segments) {
      for (Statement s : segment.statements()) {
        if (s instanceof Accumulate a && !accumulatorLocals.containsKey(a.accumulator())) {
          if (accumulatorBase >= 0) {
            Place place = accumulatorPlace(a.accumulator());
            instructions.load(() -> pushArray(place), () -> pushIndex(place, 0));
          } else {
            instructions.zero();
          }
          int local = allocate(Kind.ADD);
          instructions.storeLocal(Kind.ADD, local);
          accumulatorLocals.put(a.accumulator(), local);
        }
      }
    }
  }

  private Place accumulatorPlace(Accumulator a) {
    return Place.tile(accumulatorBase + a.slot * target.lanes());
  }

  // ---- statements

  private void emitSegment(int k) {
    Segment segment = segments.get(k);
    Label top = new Label();
    Label end = new Label();
    boolean loop = segment.region().isLoop();
    importValues(segment, false);
    if (loop) {
      beginLoop(segment, top, end);
      importValues(segment, true);
    }
    for (Statement s : segment.statements()) {
      emitStatement(s);
      for (Value v : lastUses.getOrDefault(s, List.of())) {
        release(v);
      }
    }
    if (loop) {
      int step = segment.region().step;
      m.visitIincInsn(pointLocal, step);
      addressLocals.forEach(
          (moving, local) -> {
            if (local != pointLocal) {
              m.visitIincInsn(local, moving.stride() * step);
            }
          });
      m.visitJumpInsn(GOTO, top);
      m.visitLabel(end);
      addressLocals.clear();
    }
  }

  /** Values from other methods: of straight regions before a loop, of the loop inside it. */
  private void importValues(Segment segment, boolean inLoop) {
    if (imports.isEmpty()) {
      return;
    }
    Set<Value> needed = new LinkedHashSet<>();
    for (Statement s : segment.statements()) {
      for (Value o : Region.operands(s)) {
        if (!o.isConstant() && !segmentOf.containsKey(o) && o.region.isLoop() == inLoop) {
          needed.add(o);
        }
      }
    }
    for (Value v : needed) {
      if (ProcedureAssembler.isFree(v)) {
        compute(v);
      } else {
        Place place = imports.get(v);
        instructions.load(() -> pushArray(place), () -> pushIndex(place, 0));
        instructions.unpack(v);
      }
      storeLocal(v);
    }
  }

  private void beginLoop(Segment segment, Label top, Label end) {
    pointLocal = nextLocal++;
    m.visitVarInsn(ILOAD, FROM);
    m.visitVarInsn(ISTORE, pointLocal);
    for (Moving moving : movings(segment)) {
      if (moving.stride() == 1 && !moving.relative()) {
        addressLocals.put(moving, pointLocal);
        continue;
      }
      int local = nextLocal++;
      if (moving.relative()) {
        m.visitLdcInsn(0);
      } else {
        m.visitVarInsn(ILOAD, FROM);
        m.visitLdcInsn(moving.stride());
        m.visitInsn(IMUL);
      }
      m.visitVarInsn(ISTORE, local);
      addressLocals.put(moving, local);
    }
    m.visitLabel(top);
    m.visitVarInsn(ILOAD, pointLocal);
    m.visitVarInsn(ILOAD, TO);
    m.visitJumpInsn(IF_ICMPGE, end);
  }

  private Set<Moving> movings(Segment segment) {
    Set<Moving> result = new LinkedHashSet<>();
    for (Statement s : segment.statements()) {
      if (s instanceof Define d) {
        addMoving(result, d.value().place);
        addMoving(result, exports.get(d.value()));
      } else if (s instanceof Store st) {
        addMoving(result, st.place());
      }
      for (Value o : Region.operands(s)) {
        if (!segmentOf.containsKey(o)) {
          addMoving(result, ProcedureAssembler.isFree(o) ? o.place : imports.get(o));
        }
      }
    }
    return result;
  }

  private static void addMoving(Set<Moving> result, Place place) {
    if (place != null && place.stride() != 0) {
      result.add(new Moving(place.stride(), place.relative()));
    }
  }

  private void emitStatement(Statement s) {
    if (s instanceof Define d) {
      Value v = d.value();
      if (!inlined.contains(v)) {
        Place place = exports.get(v);
        if (place == null && !uses.containsKey(v)) {
          return;
        }
        compute(v);
        storeLocal(v);
        if (place != null) {
          instructions.store(
              () -> {
                push(v);
                instructions.pack(v);
              },
              () -> pushArray(place),
              () -> pushIndex(place, 0));
        }
      }
    } else if (s instanceof Store st) {
      instructions.store(
          () -> push(st.value()),
          () -> pushArray(st.place()),
          () -> pushIndex(st.place(), st.offset()));
    } else if (s instanceof Begin b) {
      skips.push(new Label());
      instructions.branchUnlessAny(b.mask(), skips.peek());
    } else if (s instanceof End) {
      m.visitLabel(skips.pop());
    } else if (s instanceof Accumulate a) {
      int local = accumulatorLocals.get(a.accumulator());
      if (a.b() == null) {
        instructions.loadLocal(Kind.ADD, local);
        push(a.a());
        instructions.add();
      } else {
        push(a.a());
        push(a.b());
        instructions.loadLocal(Kind.ADD, local);
        instructions.fma();
      }
      instructions.storeLocal(Kind.ADD, local);
    } else {
      Signal g = (Signal) s;
      Label skip = new Label();
      instructions.branchUnlessAny(g.mask(), skip);
      m.visitVarInsn(ALOAD, TILE);
      m.visitLdcInsn(g.element());
      instructions.storeOne();
      m.visitLabel(skip);
    }
  }

  // ---- operands

  /** Leaves the value on the operand stack. */
  private void push(Value v) {
    Integer local = locals.get(v);
    if (local != null) {
      instructions.loadLocal(v.kind, local);
    } else {
      compute(v);
    }
  }

  private void compute(Value v) {
    switch (v.kind) {
      case LOAD -> instructions.load(() -> pushArray(v.place), () -> pushIndex(v.place, v.offset));
      case BROADCAST ->
          instructions.broadcast(() -> pushArray(v.place), () -> pushIndex(v.place, v.offset));
      case ACCUMULATED -> pushAccumulated((Accumulator) v.attachment);
      default -> instructions.operation(v);
    }
  }

  private void pushAccumulated(Accumulator a) {
    Integer local = accumulatorLocals.get(a);
    if (local != null) {
      instructions.loadLocal(Kind.ADD, local);
    } else if (accumulatorBase >= 0) {
      Place place = accumulatorPlace(a);
      instructions.load(() -> pushArray(place), () -> pushIndex(place, 0));
    } else {
      instructions.zero();
    }
  }

  private void storeLocal(Value v) {
    int local = allocate(v.kind);
    instructions.storeLocal(v.kind, local);
    locals.put(v, local);
  }

  private int allocate(Kind kind) {
    boolean wide = instructions.isWide(kind);
    Deque<Integer> free = wide ? freeDouble : freeSingle;
    if (!free.isEmpty()) {
      return free.pop();
    }
    int local = nextLocal;
    nextLocal += wide ? 2 : 1;
    return local;
  }

  private void release(Value v) {
    Integer local = locals.get(v);
    if (local != null && !isFromOutside(v)) {
      locals.remove(v);
      (instructions.isWide(v.kind) ? freeDouble : freeSingle).push(local);
    }
  }

  /** Values from outside the segment's own statements stay: a loop reads them again. */
  private boolean isFromOutside(Value v) {
    return !segmentOf.containsKey(v);
  }

  private void pushArray(Place place) {
    int column = place.array().column();
    if (column >= 0) {
      m.visitVarInsn(ALOAD, columnLocals.get(column));
    } else {
      m.visitVarInsn(ALOAD, place.array().parameter());
    }
  }

  private void pushIndex(Place place, int offset) {
    int fixed = place.base() + offset;
    if (place.stride() == 0) {
      m.visitLdcInsn(fixed);
      return;
    }
    m.visitVarInsn(ILOAD, addressLocals.get(new Moving(place.stride(), place.relative())));
    if (fixed != 0) {
      m.visitLdcInsn(fixed);
      m.visitInsn(IADD);
    }
  }
}
