package org.nabla4j.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Tables;
import org.nabla4j.regression.RegressionFit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A linear regression of a CSV file of twenty columns and a response, beside what FastCSV alone
 * takes to cut the same file into fields.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class CsvRegressionBenchmark {

  private static final int COLUMNS = 20;

  /** Rows of the file. */
  @Param("100000")
  public int rows;

  /** Digits after the point; 17 stands for all that a number has. */
  @Param({"6", "17"})
  public int digits;

  /** Threads that compute, beside the one that reads ahead. */
  @Param("1")
  public int threads;

  private RegressionData data;
  private Path file;
  private RegressionFit last;
  private long fields;

  /**
   * Writes the file.
   *
   * @throws IOException if it cannot be written
   */
  @Setup
  public void prepare() throws IOException {
    data = RegressionData.of(RegressionData.Model.LINEAR, COLUMNS, rows);
    file = Files.createTempFile("nabla4j-rows", ".csv");
    double[] y = data.response();
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int j = 0; j < COLUMNS; j++) {
        writer.write("x" + (j + 1) + ",");
      }
      writer.write("y\n");
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          double[] x = data.column(j);
          x[i] = rounded(x[i]);
          writer.write(Double.toString(x[i]));
          writer.write(',');
        }
        y[i] = rounded(y[i]);
        writer.write(Double.toString(y[i]));
        writer.write('\n');
      }
    }
  }

  private double rounded(double value) {
    double unit = Math.pow(10, digits);
    return digits > 15 ? value : Math.rint(value * unit) / unit;
  }

  /**
   * Fits the file.
   *
   * @param counters what is counted
   * @return the standard errors
   */
  @Benchmark
  public double[] fit(RowCounters counters) {
    last =
        Regression.ols("y ~ .")
            .backend("cpu")
            .execution(Execution.defaults().withParallelism(threads))
            .fit(Tables.csv(file));
    counters.add(data);
    return last.standardErrors();
  }

  /**
   * Cuts the file into fields, and does nothing with them.
   *
   * @param counters what is counted
   * @return how many characters they have
   * @throws IOException if the file cannot be read
   */
  @Benchmark
  public long fastCsv(RowCounters counters) throws IOException {
    long characters = 0;
    fields = -(COLUMNS + 1);
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
      for (CsvRecord line : reader) {
        int count = line.getFieldCount();
        fields += count;
        for (int j = 0; j < count; j++) {
          characters += line.getField(j).length();
        }
      }
    }
    counters.add(data);
    return characters;
  }

  /**
   * Checks the answers of the one that ran, and deletes the file.
   *
   * @throws IOException if the file cannot be deleted
   */
  @TearDown
  public void check() throws IOException {
    long size = Files.size(file);
    Files.delete(file);
    if (last == null) {
      long expected = (COLUMNS + 1L) * rows;
      if (fields != expected) {
        throw new IllegalStateException("fields = " + fields + ", expected " + expected);
      }
    } else {
      data.require(last.coefficients(), last.standardErrors(), "nabla4j, CSV");
    }
    System.out.printf(Locale.ROOT, "%n%.1f MB, %d bytes a row%n", 1e-6 * size, size / rows);
  }
}
