package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nabla4j.cpu.codegen.EvaluationCode.Layout;
import org.nabla4j.cpu.codegen.Target.Flavour;
import org.nabla4j.cpu.codegen.Target.Precision;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.ObjectiveProgram;
import org.nabla4j.program.Program;
import org.nabla4j.program.SumProgram;

/**
 * Compiles for one target, and keeps what it compiled, by content: the same formula asked for
 * again, or another formula with as many parameters, costs nothing.
 *
 * <p>Thread-safe. The least recently used code is dropped beyond {@link #CAPACITY} procedures, and
 * all with the compiler itself; the JVM then unloads the classes.
 */
public final class KernelCompiler {

  /** Most parameters for which {@link #covariance} is made. */
  public static final int STRAIGHT_LINE_PARAMETERS = StepCode.UNROLLED;

  /** Procedures that are kept. */
  static final int CAPACITY = 256;

  /** More chains than latency times width of any core, few enough for 16 registers. */
  private static final int CHAINS = 12;

  private final Target target;
  private RowLoops rowLoops;
  private final Map<Object, Object> cache =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > CAPACITY;
        }
      };

  private record EvaluationKey(String program, String roles, Layout layout) {}

  private record ObjectiveKey(String content) {}

  private record SumKey(String content, int step) {}

  private record CovarianceKey(int parameters) {}

  private record RootKey(String content) {}

  private record MapKey(String program, MapLayout layout) {}

  private KernelCompiler(Target target) {
    this.target = target;
    if (target.isVector()) {
      JitDirectives.keepKernelsOutOfC1();
    }
  }

  /**
   * A compiler for the widest vectors that this JVM has.
   *
   * @param single float lanes instead of double
   * @return the compiler, or nothing where there is no vector module or no useful vector
   */
  public static Optional<KernelCompiler> vector(boolean single) {
    return Machine.vector(precision(single)).map(KernelCompiler::new);
  }

  /**
   * A compiler for plain bytecode.
   *
   * @param single float instead of double
   * @return the compiler
   */
  public static KernelCompiler scalar(boolean single) {
    return new KernelCompiler(Machine.scalar(precision(single)));
  }

  private static Precision precision(boolean single) {
    return single ? Precision.FLOAT : Precision.DOUBLE;
  }

  /**
   * Whether programs should use fused multiply-add: the processor has the instruction.
   *
   * @return whether it has
   */
  public static boolean hasFma() {
    return Machine.hasFma();
  }

  /**
   * Number of data points that sums over many are made of at a time, whichever flavour makes them.
   *
   * @return lanes of the widest vectors of doubles that this JVM has; where it has none, those of
   *     512 bits
   */
  public static int streamLanes() {
    return Machine.vector(Precision.DOUBLE).map(Target::lanes).orElse(8);
  }

  /**
   * Number of lanes.
   *
   * @return problems, or data points, that are worked on at once
   */
  public int lanes() {
    return target.lanes();
  }

  /**
   * Whether lanes are double.
   *
   * @return false for float
   */
  public boolean isDouble() {
    return target.isDouble();
  }

  /**
   * Whether this is the vector flavour.
   *
   * @return false for plain bytecode
   */
  public boolean isVector() {
    return target.flavour() == Flavour.VECTOR;
  }

  /**
   * The kernel in words, for results and logs.
   *
   * @return such as {@code vector 8 x double, fma}
   */
  public String description() {
    return (isVector() ? "vector " + lanes() + " x " : "scalar ")
        + (isDouble() ? "double" : "float")
        + (target.fma() ? ", fma" : ", no fma");
  }

  /**
   * Evaluation with a problem in each lane.
   *
   * @param least the program
   * @return its kernel
   */
  public Kernel batch(LeastSquaresProgram least) {
    return evaluation(least, Layout.BATCH);
  }

  /**
   * Evaluation with a data point in each lane; the program must have been compiled with columns
   * that vary.
   *
   * @param least the program
   * @return its kernel; shared data are columns
   */
  public Kernel stream(LeastSquaresProgram least) {
    return evaluation(least, Layout.STREAM);
  }

  /**
   * Residuals and Jacobian, point by point, of one problem.
   *
   * @param least the program
   * @return its kernel: for each point the row [r, J, cost] lies in the data array behind the
   *     problem's own columns
   */
  public Kernel rows(LeastSquaresProgram least) {
    return evaluation(least, Layout.ROWS);
  }

  private Kernel evaluation(LeastSquaresProgram least, Layout layout) {
    Program program = least.program();
    String roles =
        least.residual()
            + " "
            + least.cost()
            + Arrays.toString(least.basis())
            + Arrays.toString(least.scale());
    EvaluationKey key = new EvaluationKey(program.contentKey(), roles, layout);
    synchronized (cache) {
      Kernel known = (Kernel) cache.get(key);
      if (known == null) {
        EvaluationCode code = new EvaluationCode(least, target, layout);
        Procedure procedure = ProcedureClass.define(code.generate());
        known =
            new Kernel(
                procedure, code.tile(), code.sharedValues(), code.dataStride(), new Warmth());
        cache.put(key, known);
      }
      return known;
    }
  }

  /**
   * Evaluation of an objective, its gradient and its Hessian, with a problem in each lane.
   *
   * @param objective the program
   * @return its kernel
   */
  public Kernel objective(ObjectiveProgram objective) {
    synchronized (cache) {
      return (Kernel)
          cache.computeIfAbsent(
              new ObjectiveKey(objective.contentKey()),
              k -> {
                ObjectiveCode code = new ObjectiveCode(objective, target);
                return new Kernel(
                    ProcedureClass.define(code.generate()),
                    code.tile(),
                    code.sharedValues(),
                    code.dataStride(),
                    new Warmth());
              });
    }
  }

  /**
   * Sums over data points, with a data point in each lane; the program must have been compiled with
   * columns that vary.
   *
   * @param sum the program
   * @param step points from one that a lane takes to its next: the number of lanes of a vector,
   *     also for plain bytecode that is to sum up as the lanes of a vector do
   * @return its kernel; shared data are columns, and the sums lie side by side in the tile
   */
  public Kernel sums(SumProgram sum, int step) {
    if (step < 1 || (isVector() && step != lanes())) {
      throw new IllegalArgumentException(
          "step = " + step + ", expected " + (isVector() ? "the lanes, " + lanes() : "> 0"));
    }
    synchronized (cache) {
      return (Kernel)
          cache.computeIfAbsent(
              new SumKey(sum.contentKey(), step),
              k -> {
                SumCode code = new SumCode(sum, target, step);
                Procedure procedure = ProcedureClass.define(code.generate());
                return new Kernel(procedure, code.tile(), List.of(), 0, new Warmth());
              });
    }
  }

  /**
   * One step of Newton's method on a tile that was just evaluated.
   *
   * @param options what it depends on
   * @return the procedure
   */
  public Procedure step(NewtonOptions options) {
    synchronized (cache) {
      return (Procedure)
          cache.computeIfAbsent(
              options, o -> ProcedureClass.define(new NewtonCode(target, options).generate()));
    }
  }

  /**
   * One step of the solver on a tile that was just evaluated.
   *
   * @param options what it depends on
   * @return the procedure
   */
  public Procedure step(StepOptions options) {
    synchronized (cache) {
      return (Procedure)
          cache.computeIfAbsent(
              options, o -> ProcedureClass.define(new StepCode(target, options).generate()));
    }
  }

  /**
   * Code for one equation in one unknown, a problem in each lane; of a compiler of doubles.
   *
   * @param root the program
   * @return its kernel
   */
  public RootKernel root(RootProgram root) {
    synchronized (cache) {
      return (RootKernel)
          cache.computeIfAbsent(
              new RootKey(root.key()),
              k -> {
                RootCode code = new RootCode(root, target);
                Procedure prepare = ProcedureClass.define(code.prepare());
                Procedure step = ProcedureClass.define(code.step());
                Procedure check = ProcedureClass.define(code.check());
                int size =
                    Math.max(
                        prepare.facts().tileSize(),
                        Math.max(step.facts().tileSize(), check.facts().tileSize()));
                return new RootKernel(prepare, step, check, code.layout(), size, new Warmth());
              });
    }
  }

  /**
   * Loops over rows; of a compiler of doubles.
   *
   * @return the loops, the same for all
   */
  public synchronized RowLoops rowLoops() {
    if (rowLoops == null) {
      rowLoops = RowLoopsCode.define(target);
    }
    return rowLoops;
  }

  /**
   * Expressions of columns, a row in each lane; of a compiler of doubles.
   *
   * @param program its inputs are shared columns, compiled for the stream layout
   * @param layout where inputs and outputs lie in the tile
   * @return the procedure, for rows from a multiple of {@link #lanes()} to another
   */
  public Procedure map(Program program, MapLayout layout) {
    synchronized (cache) {
      return (Procedure)
          cache.computeIfAbsent(
              new MapKey(program.contentKey(), layout),
              k -> ProcedureClass.define(new MapCode(program, target, layout).generate()));
    }
  }

  /**
   * Inverse of the curvature, see {@link CovarianceCode}.
   *
   * @param parameters free parameters, at most {@link #STRAIGHT_LINE_PARAMETERS}
   * @return the procedure
   */
  public Procedure covariance(int parameters) {
    synchronized (cache) {
      return (Procedure)
          cache.computeIfAbsent(
              new CovarianceKey(parameters),
              k -> ProcedureClass.define(new CovarianceCode(target, parameters).generate()));
    }
  }

  /**
   * Independent chains of multiply-adds on registers, one link for each data point: the tile holds
   * a factor and a second one behind it.
   *
   * @return the procedure
   */
  public Procedure multiplyAddChains() {
    LaneCode c = new LaneCode(target);
    Value.Real a = c.load(Place.tile(0), 0);
    Value.Real b = c.load(Place.tile(target.lanes()), 0);
    c.loop(1);
    List<Region.Accumulator> chains = new ArrayList<>();
    for (int k = 0; k < CHAINS; k++) {
      Region.Accumulator chain = c.accumulator();
      chains.add(chain);
      for (int repetition = 0; repetition < 4; repetition++) {
        c.accumulate(chain, a, b);
      }
    }
    c.straight();
    for (int k = 0; k < CHAINS; k++) {
      c.store(Place.tile((2 + k) * target.lanes()), 0, c.accumulated(chains.get(k)));
    }
    return ProcedureClass.define(
        ProcedureClass.generate(
            c, ProcedureClass.SharedData.INTERLEAVED, (2 + CHAINS) * target.lanes(), null));
  }

  /** Forgets all code. */
  public void clear() {
    synchronized (cache) {
      cache.clear();
    }
  }
}
