package org.nabla4j.data;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Reads the results of a query. */
final class JdbcFiller implements BlockFiller {

  private final String description;
  private final Connection connection;
  private final PreparedStatement statement;

  /** Null before the first rows are asked for, since the query itself may take long. */
  private ResultSet results;

  private final Columns columns;
  private final List<JdbcType> types;
  private final Levels[] levels;
  private volatile long rows;

  private JdbcFiller(
      String description, PreparedStatement statement, Columns columns, List<JdbcType> types)
      throws SQLException {
    this.description = description;
    this.connection = statement.getConnection();
    this.statement = statement;
    this.columns = columns;
    this.types = types;
    levels = new Levels[columns.categoryCount()];
    for (int c = 0; c < levels.length; c++) {
      levels[c] = new Levels();
    }
  }

  /**
   * Prepares a query so that its results come in portions: forward only, in a transaction (some
   * drivers fetch everything at once without one), with a fetch size.
   *
   * @param connection closed with the filler
   */
  static JdbcFiller prepare(
      String description, Connection connection, String sql, Columns columns, List<JdbcType> types)
      throws SQLException {
    connection.setAutoCommit(false);
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    String product = connection.getMetaData().getDatabaseProductName();
    // MySQL's driver keeps all rows in memory unless it is told this.
    boolean rowByRow = product != null && product.toLowerCase(Locale.ROOT).startsWith("mysql");
    statement.setFetchSize(rowByRow ? Integer.MIN_VALUE : RowReader.blockRows(columns.asked()));
    return new JdbcFiller(description, statement, columns, types);
  }

  @Override
  public int fill(DataBlock block, int capacity) {
    int row = 0;
    if (results == null) {
      try {
        results = statement.executeQuery();
      } catch (SQLException e) {
        throw JdbcRows.failure(description, e);
      }
    }
    try {
      while (row < capacity && results.next()) {
        for (int k = 0; k < columns.numberCount(); k++) {
          block.numbers[k][row] = number(columns.numberField(k));
        }
        for (int c = 0; c < levels.length; c++) {
          block.codes[c][row] = code(columns.categoryField(c), levels[c]);
        }
        row++;
      }
    } catch (SQLException e) {
      throw new RowException(
          description + ", row " + (rows + row + 1) + ": " + RowException.reason(e), e);
    }
    for (int c = 0; c < levels.length; c++) {
      block.levelCounts[c] = levels[c].size();
    }
    long before = rows;
    rows = before + row;
    return row;
  }

  private double number(int field) throws SQLException {
    int column = field + 1;
    double value;
    switch (types.get(field)) {
      case TRUTH -> value = results.getBoolean(column) ? 1 : 0;
      case WHOLE -> value = results.getLong(column);
      case DECIMAL -> {
        return decimal(results.getObject(column));
      }
      default -> value = results.getDouble(column);
    }
    return results.wasNull() ? Double.NaN : value;
  }

  private static double decimal(Object value) {
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }

  private int code(int field, Levels known) throws SQLException {
    int column = field + 1;
    switch (types.get(field)) {
      case TEXT -> {
        return known.code(results.getString(column));
      }
      case WHOLE -> {
        long value = results.getLong(column);
        return results.wasNull() ? Levels.MISSING : known.code(value);
      }
      case DECIMAL -> {
        Object value = results.getObject(column);
        if (value == null) {
          return Levels.MISSING;
        }
        BigDecimal exact = new BigDecimal(value.toString()).stripTrailingZeros();
        return exact.precision() - Math.min(exact.scale(), 0) <= Levels.EXACT_DIGITS
            ? known.code(exact.doubleValue())
            : known.code(exact.toPlainString());
      }
      default -> {
        return known.code(number(field));
      }
    }
  }

  @Override
  public Levels levels(int category) {
    return levels[category];
  }

  @Override
  public long done() {
    return rows;
  }

  @Override
  public long total() {
    return -1;
  }

  /** An interrupt harms some databases that run in the same process. */
  @Override
  public void cancel(Thread thread) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      // The query has just ended, or cannot be stopped: it goes on until its next row.
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection;
        statement) {
      if (results != null) {
        results.close();
      }
      // Some databases do not close a connection within a transaction.
      connection.rollback();
    }
  }
}
