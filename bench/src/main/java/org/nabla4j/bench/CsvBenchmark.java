package org.nabla4j.bench;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Tables;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Megabytes of a file of numbers per second: the library's reader, which gives doubles, against its
 * parser FastCSV alone, as records of text and with nothing made of the fields.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class CsvBenchmark {

  private static final int ROWS = 200_000;
  private static final int COLUMNS = 10;
  private static final long SEED = 20_261_123;

  /** How numbers are written: all digits of a double, or four decimals. */
  public enum Digits {
    /** Up to 17 digits. */
    ALL,
    /** Four decimals. */
    FOUR_DECIMALS
  }

  /** How numbers are written. */
  @Param public Digits digits;

  private Path file;
  private double fileMegabytes;
  private double expectedSum;

  /** What was read. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    /** Size of all files read. */
    public double megabytes;
  }

  /** Writes the file, and checks that the library reads what was written. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    file = Files.createTempFile("nabla4j", ".csv");
    Random random = new Random(SEED);
    double sum = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(String.join(",", names(COLUMNS)));
      out.write('\n');
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          double value = random.nextGaussian();
          String text =
              digits == Digits.ALL
                  ? Double.toString(value)
                  : Double.toString(Math.round(value * 1e4) / 1e4);
          sum += Double.parseDouble(text);
          out.write(j == 0 ? "" : ",");
          out.write(text);
        }
        out.write('\n');
      }
    }
    fileMegabytes = Files.size(file) / 1e6;
    expectedSum = sum;
    double read = 0;
    try (RowReader reader = Tables.csv(file).read(names(COLUMNS), List.of())) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        for (int i = 0; i < block.rows(); i++) {
          for (int j = 0; j < COLUMNS; j++) {
            read += block.arrayOrNull(j)[i];
          }
        }
        block.release();
      }
    }
    if (read != expectedSum) {
      throw new IllegalStateException("sum " + read + ", expected " + expectedSum);
    }
  }

  /** Deletes the file. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Files.delete(file);
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      names.add("x" + j);
    }
    return names;
  }

  /** All columns as doubles. */
  @Benchmark
  public double rows(Volume volume) {
    return read(COLUMNS, volume);
  }

  /** Two of the columns as doubles. */
  @Benchmark
  public double rowsOfTwoColumns(Volume volume) {
    return read(2, volume);
  }

  private double read(int columns, Volume volume) {
    double first = 0;
    try (RowReader reader = Tables.csv(file).read(names(columns), List.of())) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        first += block.arrayOrNull(0)[0];
        block.release();
      }
    }
    volume.megabytes += fileMegabytes;
    return first;
  }

  /** FastCSV with each field a string. */
  @Benchmark
  public long fastCsvRecords(Volume volume) throws IOException {
    long fields = 0;
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
      for (CsvRecord row : reader) {
        fields += row.getFieldCount();
      }
    }
    volume.megabytes += fileMegabytes;
    return fields;
  }

  /** FastCSV finding the fields and making nothing of them. */
  @Benchmark
  public long fastCsvFields(Volume volume) throws IOException {
    Lengths lengths = new Lengths();
    try (CsvReader<Boolean> reader = CsvReader.builder().build(lengths, file)) {
      reader.forEach(row -> {});
    }
    volume.megabytes += fileMegabytes;
    return lengths.total;
  }

  /** Sums up the lengths of fields. */
  private static final class Lengths extends AbstractBaseCsvCallbackHandler<Boolean> {
    private long total;

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      total += length;
    }

    @Override
    protected Boolean buildRecord() {
      return Boolean.TRUE;
    }
  }
}
