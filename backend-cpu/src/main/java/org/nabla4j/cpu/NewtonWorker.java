package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.NewtonState;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.cpu.minimize.CarefulNewton;
import org.nabla4j.data.Column;
import org.nabla4j.result.Status;

/** One thread of a {@link NewtonBatch}. */
final class NewtonWorker extends LaneWorker {

  /** By outcome. */
  private static final Status[] STATUSES = new Status[Outcome.SADDLE + 1];

  static {
    STATUSES[Outcome.COST] = Status.CONVERGED_COST;
    STATUSES[Outcome.PARAMETERS] = Status.CONVERGED_PARAMETERS;
    STATUSES[Outcome.GRADIENT] = Status.CONVERGED_GRADIENT;
    STATUSES[Outcome.LIMIT] = Status.ITERATION_LIMIT;
    STATUSES[Outcome.HARD] = Status.NO_PROGRESS;
    STATUSES[Outcome.NON_FINITE] = Status.NON_FINITE;
    STATUSES[Outcome.UNBOUNDED] = Status.UNBOUNDED;
    // where no step is left for a closer look
    STATUSES[Outcome.SADDLE] = Status.ITERATION_LIMIT;
  }

  private final NewtonBatch batch;
  private final NewtonBatch.Sink sink;

  /** Made when it is first needed. */
  private CarefulNewton careful;

  private final NewtonState state;
  private final TileLayout tile;
  private final int p;
  private final int dataStride;
  private final Column[] constants;
  private final Column[] columns;
  private final double[] lower;
  private final double[] upper;
  private final Column starts;
  private final int[] free;
  private final double[] start;
  private final double[] theta;
  private final double[] gradient;
  private final double[] one = new double[1];
  private final double[] scratch;

  /**
   * Prepares a worker.
   *
   * @param batch the batch
   * @param engine the code to run
   * @param source where problems come from
   * @param sink where results go
   */
  NewtonWorker(NewtonBatch batch, NewtonBatch.Engine engine, Source source, NewtonBatch.Sink sink) {
    super(
        engine.compiler(),
        engine.kernel(),
        engine.step(),
        engine.shared(),
        batch.points(),
        engine.state().signal(),
        engine.state().outcome(),
        source);
    this.batch = batch;
    this.sink = sink;
    state = engine.state();
    tile = engine.kernel().tile();
    p = tile.parameters();
    dataStride = engine.kernel().dataStride();
    constants = batch.constants();
    columns = batch.ownColumns();
    lower = batch.lower();
    upper = batch.upper();
    starts = batch.starts();
    free = batch.free();
    start = new double[Math.toIntExact(starts.points())];
    theta = new double[p];
    gradient = new double[p];
    scratch = new double[batch.points()];
  }

  @Override
  boolean load(long index, int l) {
    LaneReader.readFew(starts, index, start);
    boolean isFinite = Steps.areFinite(start);
    putStart();
    for (int j = 0; j < p; j++) {
      if (lower != null) {
        memory.set(state.lower(j) + l, lower[j]);
        memory.set(state.upper(j) + l, upper[j]);
      }
      memory.set(tile.trial(j) + l, theta[j]);
    }
    for (int k = 0; k < constants.length; k++) {
      LaneReader.readFew(constants[k], index, one);
      memory.set(tile.problemConstant(k) + l, one[0]);
    }
    memory.set(state.evaluations() + l, 0);
    for (int k = 0; k < columns.length; k++) {
      LaneReader.spread(
          columns[k], index, scratch.length, scratch, data, k * lanes + l, dataStride);
    }
    if (!isFinite) {
      sink.ended(index, theta, Double.NaN, null, Status.NON_FINITE, Double.NaN, 0, 0);
    }
    return isFinite;
  }

  /** θ becomes the start that was read, within the bounds. */
  private void putStart() {
    for (int j = 0; j < p; j++) {
      double x = start[free[j]];
      theta[j] = lower == null ? x : Math.max(lower[j], Math.min(upper[j], x));
    }
  }

  @Override
  void end(long index, int l, int outcome) {
    int how = isFlat(l, outcome) ? Outcome.GRADIENT : outcome;
    boolean isHard = how == Outcome.HARD || how == Outcome.LIMIT || how == Outcome.SADDLE;
    if (isHard && lookCloser(index, l, how == Outcome.SADDLE)) {
      return;
    }
    double value = memory.get(state.value() + l);
    int evaluations = (int) memory.get(state.evaluations() + l);
    double statusValue =
        switch (how) {
          case Outcome.GRADIENT ->
              memory.get(state.gradientNumerator() + l)
                  / memory.get(state.gradientDenominator() + l);
          case Outcome.COST -> memory.get(state.tested() + l) / Math.max(Math.abs(value), 1);
          case Outcome.PARAMETERS -> memory.get(state.tested() + l);
          case Outcome.HARD -> Steps.noProgressValue(memory.get(state.damping() + l));
          case Outcome.LIMIT, Outcome.SADDLE -> evaluations - 1;
          default -> value;
        };
    write(index, l, value, STATUSES[how], statusValue, evaluations);
  }

  /** Whether rounding has ended a search where the gradient is small. */
  private boolean isFlat(int l, int outcome) {
    double largest = batch.gradientTolerance() * memory.get(state.gradientDenominator() + l);
    boolean byRounding = outcome == Outcome.COST && memory.get(state.tested() + l) == 0;
    return byRounding && memory.get(state.gradientNumerator() + l) <= largest;
  }

  /**
   * Begins again, alone and with the steps that are left, or goes on from the lane's best point;
   * false if no step is left, or nobody asks for the result.
   */
  private boolean lookCloser(long index, int l, boolean goesOn) {
    int evaluations = (int) memory.get(state.evaluations() + l);
    int left = batch.limit() - (evaluations - 1);
    if (careful == null) {
      careful = batch.careful();
    }
    if (left <= 0 || careful == null) {
      return false;
    }
    LaneReader.readFew(starts, index, start);
    putStart();
    for (int j = 0; goesOn && j < p; j++) {
      theta[j] = memory.get(state.theta(j) + l);
    }
    careful.solve(index, theta, left, source()::isCancelled);
    Status status = careful.status();
    int iterations = evaluations - 1 + careful.iterations();
    int calls = evaluations + careful.evaluations();
    double statusValue = status == Status.ITERATION_LIMIT ? iterations : careful.statusValue();
    boolean decided = status.converged() || status == Status.UNBOUNDED;
    double value = memory.get(state.value() + l);
    if (decided || careful.value() <= value) {
      sink.ended(
          index,
          careful.best(),
          careful.value(),
          careful.gradient(),
          status,
          statusValue,
          iterations,
          calls);
      return true;
    }
    // the lane came farther
    for (int j = 0; j < p; j++) {
      theta[j] = memory.get(state.theta(j) + l);
      gradient[j] = memory.get(state.gradient(j) + l);
    }
    if (status == Status.NO_PROGRESS) {
      statusValue =
          memory.get(state.gradientNumerator() + l) / memory.get(state.gradientDenominator() + l);
    }
    sink.ended(index, theta, value, gradient, status, statusValue, iterations, calls);
    return true;
  }

  @Override
  void stop(long index, int l) {
    int evaluations = (int) memory.get(state.evaluations() + l);
    if (evaluations > 0) {
      double value = memory.get(state.value() + l);
      write(index, l, value, Status.CANCELLED, Double.NaN, evaluations);
      return;
    }
    for (int j = 0; j < p; j++) {
      theta[j] = memory.get(tile.trial(j) + l);
    }
    sink.ended(index, theta, Double.NaN, null, Status.CANCELLED, Double.NaN, 0, 0);
  }

  private void write(
      long index, int l, double value, Status status, double statusValue, int evaluations) {
    for (int j = 0; j < p; j++) {
      theta[j] = memory.get(state.theta(j) + l);
      gradient[j] = memory.get(state.gradient(j) + l);
    }
    sink.ended(index, theta, value, gradient, status, statusValue, evaluations - 1, evaluations);
  }
}
