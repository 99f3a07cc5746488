package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries of H2 and DuckDB. */
class JdbcRowsTest {

  @TempDir private Path folder;

  private Callable<Connection> h2() {
    return () -> DriverManager.getConnection("jdbc:h2:" + folder.resolve("h2"), "sa", "");
  }

  private Callable<Connection> duck() {
    return () -> {
      Properties properties = new Properties();
      properties.setProperty("jdbc_stream_results", "true");
      return DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("duck.db"), properties);
    };
  }

  private static void run(Callable<Connection> connections, String... statements) throws Exception {
    try (Connection connection = connections.call();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void fill(Callable<Connection> connections, int rows) throws Exception {
    run(
        connections,
        "drop table if exists t",
        "create table t (i integer, a double precision, b double precision, g integer, k"
            + " varchar(20))");
    try (Connection connection = connections.call()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into t values (?, ?, ?, ?, ?)")) {
        for (int i = 0; i < rows; i++) {
          insert.setInt(1, i);
          setNumber(insert, 2, RowsContract.number(0, i), Types.DOUBLE);
          setNumber(insert, 3, RowsContract.number(1, i), Types.DOUBLE);
          setNumber(insert, 4, RowsContract.group(i), Types.INTEGER);
          insert.setString(5, RowsContract.text(i));
          insert.addBatch();
          if (i % 1000 == 999) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
      connection.commit();
    }
  }

  private static void setNumber(PreparedStatement insert, int column, double value, int type)
      throws SQLException {
    if (Double.isNaN(value)) {
      insert.setNull(column, type);
    } else if (type == Types.INTEGER) {
      insert.setInt(column, (int) value);
    } else {
      insert.setDouble(column, value);
    }
  }

  private static final String COMMON =
      "select a as \"a\", b as \"b\", g as \"group\", k as \"kind\" from t order by i";

  @Test
  void theCommonTable() throws Exception {
    int full = RowReader.blockRows(6);
    for (Callable<Connection> connections : List.of(h2(), duck())) {
      for (int rows : new int[] {0, full, full + 777}) {
        fill(connections, rows);
        RowsContract.assertCommonTable(rows, Tables.jdbc(connections, COMMON));
      }
    }
  }

  @Test
  void parquet() throws Exception {
    int rows = 17_000;
    fill(duck(), rows);
    String file = folder.resolve("t.parquet").toString();
    run(duck(), "copy (" + COMMON + ") to '" + file + "' (format parquet)");
    RowsContract.assertCommonTable(rows, Tables.jdbc(duck(), "select * from '" + file + "'"));
    Callable<Connection> inMemory = () -> DriverManager.getConnection("jdbc:duckdb:");
    RowsContract.assertCommonTable(rows, Tables.jdbc(inMemory, "select * from '" + file + "'"));
  }

  @Test
  void dataSources() throws Exception {
    fill(h2(), 10);
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:" + folder.resolve("h2"));
    source.setUser("sa");
    RowsContract.assertCommonTable(10, Tables.jdbc(source, COMMON));
  }

  private static void assertColumn(
      Rows rows, String name, List<String> labels, double... expected) {
    assertEquals(
        Rows.Kind.NUMBER,
        rows.fields().stream().filter(f -> f.name().equals(name)).findFirst().get().kind(),
        name);
    assertArrayEquals(expected, RowsContract.numbers(rows, name), name);
    assertEquals(
        labels, RowsContract.contents(rows, List.of(), List.of(name)).levels().get(1), name);
  }

  @Test
  void everyTypeOfNumber() throws Exception {
    String columns =
        "b boolean, t tinyint, s smallint, i integer, l bigint, r real, d double precision,"
            + " n decimal(20, 3), w decimal(30, 0)";
    String first =
        "(true, -5, 300, 70000, 9007199254740993, 0.25, 1e300, 12345678901234567.125,"
            + " 123456789012345678901234567890)";
    String second = "(false, 7, -300, -70000, 42, -1.5, -0.1, 1.500, 7)";
    String missing = "(null, null, null, null, null, null, null, null, null)";
    for (Callable<Connection> connections : List.of(h2(), duck())) {
      run(
          connections,
          "create table n (" + columns + ")",
          "insert into n values " + first,
          "insert into n values " + second,
          "insert into n values " + missing);
      Rows rows =
          Tables.jdbc(
              connections,
              "select b as \"b\", t as \"t\", s as \"s\", i as \"i\", l as \"l\", r as \"r\", d"
                  + " as \"d\", n as \"n\", w as \"w\" from n");
      double nan = Double.NaN;
      assertColumn(rows, "b", List.of("1", "0"), 1, 0, nan);
      assertColumn(rows, "t", List.of("-5", "7"), -5, 7, nan);
      assertColumn(rows, "s", List.of("300", "-300"), 300, -300, nan);
      assertColumn(rows, "i", List.of("70000", "-70000"), 70_000, -70_000, nan);
      assertColumn(rows, "l", List.of("9007199254740993", "42"), 9_007_199_254_740_992.0, 42, nan);
      assertColumn(rows, "r", List.of("0.25", "-1.5"), 0.25, -1.5, nan);
      assertColumn(rows, "d", List.of("1.0E300", "-0.1"), 1e300, -0.1, nan);
      assertColumn(
          rows, "n", List.of("12345678901234567.125", "1.5"), 12_345_678_901_234_568.0, 1.5, nan);
      assertColumn(
          rows,
          "w",
          List.of("123456789012345678901234567890", "7"),
          123_456_789_012_345_680_000_000_000_000.0,
          7,
          nan);
    }
  }

  @Test
  void numbersOfDuckDbAlone() throws Exception {
    Rows rows =
        Tables.jdbc(
            duck(),
            "select 170141183460469231731687303715884105727::hugeint as h,"
                + " 18446744073709551615::ubigint as u, 200::utinyint as t");
    assertColumn(rows, "h", List.of("170141183460469231731687303715884105727"), 0x1p127);
    assertColumn(rows, "u", List.of("18446744073709551615"), 0x1p64);
    assertColumn(rows, "t", List.of("200"), 200);
  }

  @Test
  void otherTypesAreText() throws Exception {
    Rows rows = Tables.jdbc(h2(), "select date '2024-02-29' as \"d\", time '10:11:12' as \"t\"");
    assertEquals(
        List.of(Rows.Kind.TEXT, Rows.Kind.TEXT),
        rows.fields().stream().map(Rows.Field::kind).toList());
    assertEquals(
        List.of("2024-02-29"),
        RowsContract.contents(rows, List.of(), List.of("d")).levels().get(1));
    IllegalArgumentException text =
        assertThrows(IllegalArgumentException.class, () -> rows.read(List.of("d"), List.of()));
    assertEquals(
        "column 'd' of " + rows.description() + " holds text, expected numbers", text.getMessage());
  }

  @Test
  void whatIsWrong() {
    Rows nowhere =
        Tables.jdbc(
            (Callable<Connection>)
                () -> {
                  throw new SQLException("it is closed today");
                },
            "select\n  1");
    assertEquals(
        "no connection for query 'select 1': it is closed today",
        assertThrows(RowException.class, nowhere::fields).getMessage());
    Rows wrong = Tables.jdbc(h2(), "select nothing from nowhere");
    String message = assertThrows(RowException.class, wrong::fields).getMessage();
    assertTrue(
        message.startsWith("cannot run query 'select nothing from nowhere': Table \"NOWHERE\""),
        message);
    Rows twice = Tables.jdbc(h2(), "select 1 as a, 2 as a");
    assertEquals(
        "query 'select 1 as a, 2 as a': the name 'A' stands over columns 1 and 2, expected it once;"
            + " as gives a column another name",
        assertThrows(RowException.class, twice::fields).getMessage());
    String longText = "select " + "1 + ".repeat(100) + "1";
    assertTrue(Tables.jdbc(h2(), longText).description().length() < 80);
  }

  @Test
  void failuresMidway() {
    int full = RowReader.blockRows(1);
    int bad = 3 * full + 1;
    Rows rows =
        Tables.jdbc(
            () -> DriverManager.getConnection("jdbc:h2:mem:;LAZY_QUERY_EXECUTION=1"),
            "select 1 / (" + bad + " - x) as x from system_range(1, 100000)");
    try (RowReader reader = rows.read(List.of("X"), List.of())) {
      for (int k = 0; k < 3; k++) {
        reader.next().release();
      }
      RowException wrong = assertThrows(RowException.class, reader::next);
      String expected = rows.description() + ", row " + bad + ": Division by zero";
      assertTrue(wrong.getMessage().startsWith(expected), wrong.getMessage());
    }
  }

  @Test
  @Timeout(30)
  void closingEndsALongQuery() throws Exception {
    Rows rows =
        Tables.jdbc(
            duck(), "select sum(a.range * b.range) as x from range(1000000) a, range(1000000) b");
    long begin = System.nanoTime();
    rows.read(List.of("x"), List.of()).close();
    assertTrue(System.nanoTime() - begin < Duration.ofSeconds(20).toNanos());
  }

  @Test
  void readersCloseTheirConnections() throws Exception {
    fill(h2(), 50_000);
    List<Connection> opened = new ArrayList<>();
    Rows rows =
        Tables.jdbc(
            () -> {
              Connection connection = h2().call();
              opened.add(connection);
              return connection;
            },
            COMMON);
    RowsContract.numbers(rows, "a");
    try (RowReader reader = rows.read(List.of("a"), List.of())) {
      reader.next();
    }
    assertEquals(3, opened.size());
    for (Connection connection : opened) {
      assertTrue(connection.isClosed());
    }
  }
}
