package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/** A table over arrays, which watches how its blocks are used. */
final class ArrayTable implements Rows {

  /** Called before each block, with its first row. */
  interface BeforeBlock {
    void block(long firstRow);
  }

  private final Map<String, double[]> numbers = new LinkedHashMap<>();
  private final Map<String, String[]> texts = new LinkedHashMap<>();
  private final int rows;
  private boolean inPlace = true;
  private boolean counted = true;
  private BeforeBlock before = row -> {};
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final AtomicInteger releasedTwice = new AtomicInteger();
  final AtomicInteger readers = new AtomicInteger();

  ArrayTable(int rows) {
    this.rows = rows;
  }

  ArrayTable with(String name, double... values) {
    numbers.put(name, values);
    return this;
  }

  ArrayTable with(String name, String... values) {
    texts.put(name, values);
    return this;
  }

  /** Without arrays that can be read in place. */
  ArrayTable copying() {
    inPlace = false;
    return this;
  }

  /** Without a known number of rows. */
  ArrayTable uncounted() {
    counted = false;
    return this;
  }

  ArrayTable before(BeforeBlock hook) {
    before = hook;
    return this;
  }

  double[] numbers(String name) {
    return numbers.get(name);
  }

  String[] texts(String name) {
    return texts.get(name);
  }

  int rows() {
    return rows;
  }

  @Override
  public List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    numbers.keySet().forEach(n -> fields.add(new Field(n, Kind.NUMBER)));
    texts.keySet().forEach(n -> fields.add(new Field(n, Kind.TEXT)));
    return fields;
  }

  @Override
  public long count() {
    return counted ? rows : -1;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public RowReader read(List<String> names, List<String> categories) {
    readers.incrementAndGet();
    return new Reader(names, categories);
  }

  @Override
  public String description() {
    return "the table";
  }

  private final class Reader implements RowReader {
    private final List<double[]> columns;
    private final List<String[]> labels;
    private final List<Set<String>> met = new ArrayList<>();
    private final int size;
    private int next;
    private boolean closed;

    Reader(List<String> names, List<String> categories) {
      columns = names.stream().map(numbers::get).toList();
      labels = categories.stream().map(texts::get).toList();
      labels.forEach(l -> met.add(new LinkedHashSet<>()));
      size = RowReader.blockRows(names.size() + categories.size());
    }

    @Override
    public RowBlock next() {
      before.block(next);
      if (next >= rows) {
        return null;
      }
      int first = next;
      int count = Math.min(size, rows - first);
      next += count;
      List<int[]> codes = new ArrayList<>();
      for (int c = 0; c < labels.size(); c++) {
        int[] code = new int[count];
        for (int i = 0; i < count; i++) {
          String label = labels.get(c)[first + i];
          if (label != null) {
            met.get(c).add(label);
          }
        }
        List<String> known = List.copyOf(met.get(c));
        for (int i = 0; i < count; i++) {
          code[i] = known.indexOf(String.valueOf(labels.get(c)[first + i]));
        }
        codes.add(code);
      }
      mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
      return new Block(first, count, codes);
    }

    @Override
    public List<String> levels(int category) {
      return List.copyOf(met.get(category));
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        readers.decrementAndGet();
      }
    }

    private final class Block implements RowBlock {
      private final int first;
      private final int count;
      private final List<int[]> codes;
      private boolean released;

      Block(int first, int count, List<int[]> codes) {
        this.first = first;
        this.count = count;
        this.codes = codes;
      }

      private void check() {
        if (released || closed) {
          throw new IllegalStateException("a block is read after it was given back");
        }
      }

      @Override
      public long firstRow() {
        return first;
      }

      @Override
      public int rows() {
        return count;
      }

      @Override
      public void read(int number, int from, int length, double[] target, int offset) {
        check();
        System.arraycopy(columns.get(number), first + from, target, offset, length);
      }

      @Override
      public double[] arrayOrNull(int number) {
        check();
        return inPlace ? columns.get(number) : null;
      }

      @Override
      public int base(int number) {
        return first;
      }

      @Override
      public void readCodes(int category, int from, int length, int[] target, int offset) {
        check();
        System.arraycopy(codes.get(category), from, target, offset, length);
      }

      @Override
      public synchronized void release() {
        if (released) {
          releasedTwice.incrementAndGet();
        }
        released = true;
        open.decrementAndGet();
      }
    }
  }
}
