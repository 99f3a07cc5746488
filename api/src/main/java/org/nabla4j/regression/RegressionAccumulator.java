package org.nabla4j.regression;

import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;

/**
 * The sums of a linear regression, to which rows can be added, from which rows can be taken away,
 * and which can be merged: what threads, files and machines need of each other. Mutable; used by
 * one thread at a time.
 *
 * <p>Sums are kept in double-double, so that merging and taking away leave no trace, unless {@link
 * Accuracy#DOUBLE} is asked for. Their size is that of a matrix of the columns, whatever the number
 * of rows.
 */
public final class RegressionAccumulator {

  private final Design original;
  private final Design design;
  private final OlsOptions options;
  private final Backend backend;
  private final Execution execution;
  private double[] shift;
  private RowSums sums;
  private String kernel;

  /**
   * Sums of no rows.
   *
   * @param design X, the responses, weight and offset; all levels of categories have to be among
   *     its levels
   * @param options how
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @throws IllegalArgumentException if the design has no response, or the accuracy is {@link
   *     Accuracy#REFINED}, which reads rows again
   */
  public RegressionAccumulator(
      Design design, OlsOptions options, Backend backend, Execution execution) {
    original = Objects.requireNonNull(design, "design");
    this.options = Objects.requireNonNull(options, "options");
    this.backend = Objects.requireNonNull(backend, "backend");
    this.execution = Objects.requireNonNull(execution, "execution");
    if (options.accuracy() == Accuracy.REFINED) {
      throw new IllegalArgumentException(
          "accuracy = REFINED reads the rows more than once, but an accumulator keeps no rows; use"
              + " DOUBLE_DOUBLE");
    }
    this.design = OlsSolver.withoutOffset(design);
    sums = empty();
    kernel = "none";
  }

  private RegressionAccumulator(
      Design design,
      OlsOptions options,
      Backend backend,
      Execution execution,
      double[] shift,
      RowSums sums) {
    this(design, options, backend, execution);
    this.shift = shift;
    this.sums = sums;
  }

  private RowSums empty() {
    return GramSums.empty(design);
  }

  private RowPass.Precision precision() {
    return options.accuracy() == Accuracy.DOUBLE
        ? RowPass.Precision.DOUBLE
        : RowPass.Precision.DOUBLE_DOUBLE;
  }

  /**
   * The columns, responses and levels that rows are summed up for.
   *
   * @return the design
   */
  public Design design() {
    return original;
  }

  /**
   * Adds rows.
   *
   * @param rows a table with the columns of the first one
   * @return this
   * @throws IllegalArgumentException if a column is not there
   * @throws org.nabla4j.data.RowException if the rows cannot be read, hold something missing that
   *     is not to be left out, or a level that is not known; nothing is added then
   * @throws java.util.concurrent.CancellationException if the execution was cancelled; nothing is
   *     added then
   */
  public RegressionAccumulator add(Rows rows) {
    RowSums added = read(rows);
    sums.add(added);
    return this;
  }

  /**
   * Takes rows away that were added before.
   *
   * @param rows a table with these rows, in any order
   * @return this
   * @throws IllegalArgumentException if a column is not there, or the table has more rows than were
   *     added; nothing is taken away then
   * @throws org.nabla4j.data.RowException if the rows cannot be read, hold something missing that
   *     is not to be left out, or a level that is not known; nothing is taken away then
   * @throws java.util.concurrent.CancellationException if the execution was cancelled; nothing is
   *     taken away then
   */
  public RegressionAccumulator remove(Rows rows) {
    RowSums removed = read(rows);
    if (removed.rows() > sums.rows() || removed.omitted() > sums.omitted()) {
      throw new IllegalArgumentException(
          rows.description()
              + " has "
              + removed.rows()
              + " rows and "
              + removed.omitted()
              + " left out, expected at most the "
              + sums.rows()
              + " and "
              + sums.omitted()
              + " that were added");
    }
    sums.subtract(removed);
    if (sums.rows() == 0) {
      // No rounding is left of rows that are gone.
      RowSums nothing = empty();
      nothing.count(0, sums.omitted());
      sums = nothing;
    }
    return this;
  }

  private RowSums read(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    try (RowPasses passes = backend.passes(design, rows, execution)) {
      GramSums source =
          sums.rows() == 0 && shift == null
              ? new GramSums(design, rows, passes)
              : new GramSums(design, rows, passes, shift);
      RowSums read = source.sum(precision());
      shift = source.shift();
      kernel = passes.kernel();
      return read;
    }
  }

  /**
   * Adds what another accumulator has summed up.
   *
   * @param other sums of the same design, from wherever; not modified
   * @return this
   * @throws IllegalArgumentException if its design is another one, or its sums were made in another
   *     precision
   */
  public RegressionAccumulator merge(RegressionAccumulator other) {
    Objects.requireNonNull(other, "other");
    if (!other.design.equals(design)) {
      throw new IllegalArgumentException(
          "the design of other differs: both need the same formula, weight, offset, missing data"
              + " policy and levels of categories; give the levels where tables may not have all");
    }
    requirePrecision(other.precision());
    RowSums moved = empty();
    moved.add(other.sums);
    if (sums.rows() == 0) {
      shift = other.shift;
    } else {
      GramSums.rebase(moved, design, other.shift, shift);
    }
    sums.add(moved);
    if (kernel.equals("none")) {
      kernel = other.kernel;
    }
    return this;
  }

  /**
   * The rows that were added and not taken away.
   *
   * @return their number, without those that were left out
   */
  public long rows() {
    return sums.rows();
  }

  /**
   * The rows that were left out because something was missing.
   *
   * @return their number
   */
  public long omitted() {
    return sums.omitted();
  }

  /**
   * Fits the only response.
   *
   * @return the fit; further rows can be added afterwards
   * @throws IllegalArgumentException if there are several responses, or columns depend on others
   *     and that is refused
   */
  public RegressionFit fit() {
    if (design.responses().size() != 1) {
      throw new IllegalArgumentException(
          "there are " + design.responses().size() + " responses, expected 1; use fitEach()");
    }
    return fitEach().fit(0);
  }

  /**
   * Fits every response.
   *
   * @return a fit for each response; further rows can be added afterwards
   * @throws IllegalArgumentException if columns depend on others and that is refused
   */
  public RegressionFits fitEach() {
    RowSums copy = empty();
    copy.add(sums);
    return OlsSolver.fit(original, copy, shift, precision(), options, backend, kernel);
  }

  /**
   * Fits the only response with an elastic net penalty.
   *
   * @param options the penalty
   * @return the solutions; further rows can be added afterwards
   * @throws IllegalArgumentException if there are several responses
   */
  public ElasticNetPath path(ElasticNet options) {
    Objects.requireNonNull(options, "options");
    return ElasticNetSolver.fit(original, sums, shift, precision(), options, backend, kernel);
  }

  /**
   * Writes the sums and the design down, see {@link #of(byte[], OlsOptions, Backend, Execution)}.
   *
   * @return the contents: about 8 bytes for each pair of columns
   */
  public byte[] toBytes() {
    return SavedSums.write(original, precision(), shift, sums);
  }

  /**
   * Reads what {@link #toBytes()} wrote, in this or another process.
   *
   * @param bytes the contents; not modified
   * @param options how to fit
   * @param backend makes the sums of further rows
   * @param execution on which threads, watched and cancelled by whom
   * @return an accumulator with the same design and sums
   * @throws IllegalArgumentException if the bytes are not such contents, or sums were made in
   *     another precision than the options ask for
   */
  public static RegressionAccumulator of(
      byte[] bytes, OlsOptions options, Backend backend, Execution execution) {
    Objects.requireNonNull(bytes, "bytes");
    SavedSums saved = SavedSums.read(bytes);
    RegressionAccumulator result =
        new RegressionAccumulator(
            saved.design(), options, backend, execution, saved.shift(), saved.sums());
    result.requirePrecision(saved.precision());
    return result;
  }

  private void requirePrecision(RowPass.Precision made) {
    if (made != precision()) {
      throw new IllegalArgumentException(
          "the sums were made in "
              + made
              + ", but accuracy = "
              + options.accuracy()
              + " asks for "
              + precision());
    }
  }

  /** Rows and columns. */
  @Override
  public String toString() {
    return "sums of "
        + rows()
        + " rows for "
        + design.responses().size()
        + (design.responses().size() == 1 ? " response on " : " responses on ")
        + design.width()
        + " columns";
  }
}
