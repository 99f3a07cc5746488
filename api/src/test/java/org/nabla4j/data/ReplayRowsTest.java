package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A look at the first rows of what can be read once. */
@Timeout(60)
class ReplayRowsTest {

  private static final List<String> NUMBERS = List.of("a", "group");
  private static final List<String> CATEGORIES = List.of("kind", "group");

  /** Says whether it was closed. */
  private static final class Stream extends ByteArrayInputStream {
    private boolean closed;

    Stream(String text) {
      super(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      closed = true;
      super.close();
    }
  }

  private static Rows once(InputStream stream) {
    return Tables.csv(stream, "the stream");
  }

  private static Stream stream(int rows) {
    return new Stream(CsvRowsTest.commonTable(rows, ',', false));
  }

  /** Reads some blocks as a first look does. */
  private static void pilot(Rows rows, int blocks) {
    try (RowReader reader = rows.read(NUMBERS, CATEGORIES)) {
      for (int k = 0; k < blocks; k++) {
        RowBlock block = reader.next();
        if (block != null) {
          double[] value = new double[1];
          block.read(0, 0, 1, value, 0);
          block.release();
        }
      }
    }
  }

  @Test
  void theFullPassSeesAllRowsAfterALook() {
    int full = RowReader.blockRows(4);
    for (int rows : new int[] {0, 1, full, 3 * full + 5}) {
      RowsContract.Contents expected =
          RowsContract.contents(RowsContract.table(rows), NUMBERS, CATEGORIES);
      for (int blocks : new int[] {0, 1, 2, 3, 5}) {
        Stream stream = stream(rows);
        try (ReplayRows replay = Tables.withReplay(once(stream))) {
          assertFalse(replay.rereadable());
          assertEquals(4, replay.fields().size());
          pilot(replay, blocks);
          pilot(replay, 1);
          RowsContract.assertSame(expected, RowsContract.contents(replay, NUMBERS, CATEGORIES));
          assertTrue(blocks > 0 || rows > 0 || stream.available() == 0);
        }
        assertTrue(stream.closed);
      }
    }
  }

  @Test
  void shortTablesCanBeReadAgainAndAgain() {
    int rows = 20_000;
    RowsContract.Contents expected =
        RowsContract.contents(RowsContract.table(rows), NUMBERS, CATEGORIES);
    try (ReplayRows replay = Tables.withReplay(once(stream(rows)))) {
      for (int k = 0; k < 3; k++) {
        RowsContract.assertSame(expected, RowsContract.contents(replay, NUMBERS, CATEGORIES));
      }
    }
  }

  @Test
  void beyondTheKeptBlocksThereIsNoWayBack() {
    int full = RowReader.blockRows(1);
    double[][] block = {new double[full]};
    List<double[][]> blocks = Collections.nCopies(20, block);
    Rows rows = Tables.blocks(List.of(new Rows.Field("x", Rows.Kind.NUMBER)), blocks.iterator());
    try (ReplayRows replay = Tables.withReplay(rows)) {
      for (int k = 0; k < 2; k++) {
        try (RowReader reader = replay.read(List.of("x"), List.of())) {
          for (int b = 0; b < 16; b++) {
            assertEquals((long) b * full, reader.next().firstRow());
          }
        }
      }
      try (RowReader reader = replay.read(List.of("x"), List.of())) {
        for (int b = 0; b < 20; b++) {
          assertEquals((long) b * full, reader.next().firstRow());
        }
        assertNull(reader.next());
        assertNull(reader.next());
      }
      IllegalStateException gone =
          assertThrows(IllegalStateException.class, () -> replay.read(List.of("x"), List.of()));
      assertEquals("the blocks was read before and can be read once only", gone.getMessage());
    }
  }

  @Test
  void oneReaderAtATimeWithTheSameColumns() {
    try (ReplayRows replay = Tables.withReplay(once(stream(10)))) {
      assertThrows(IllegalArgumentException.class, () -> replay.read(List.of("nope"), List.of()));
      RowReader reader = replay.read(NUMBERS, CATEGORIES);
      assertEquals(
          "a reader of the stream is open, close it first",
          assertThrows(IllegalStateException.class, () -> replay.read(NUMBERS, CATEGORIES))
              .getMessage());
      assertEquals(List.of(), reader.levels(0));
      reader.close();
      assertThrows(IllegalStateException.class, reader::next);
      assertEquals(
          "the stream is read again with the columns [a] and [], expected [a, group] and [kind,"
              + " group] as before",
          assertThrows(IllegalStateException.class, () -> replay.read(List.of("a"), List.of()))
              .getMessage());
    }
  }

  @Test
  void rereadableRowsAreReadAsTheyAre() {
    Rows table = RowsContract.table(20_000);
    try (ReplayRows replay = Tables.withReplay(table)) {
      RowsContract.assertCommonTable(20_000, replay);
      assertEquals(20_000, replay.count());
    }
  }

  @Test
  void failuresComeAgain() {
    try (ReplayRows replay = Tables.withReplay(once(new Stream("x\n1\noops\n")))) {
      for (int k = 0; k < 2; k++) {
        try (RowReader reader = replay.read(List.of("x"), List.of())) {
          RowException wrong = assertThrows(RowException.class, reader::next);
          assertTrue(wrong.getMessage().startsWith("the stream, line 3"), wrong.getMessage());
        }
      }
    }
  }
}
