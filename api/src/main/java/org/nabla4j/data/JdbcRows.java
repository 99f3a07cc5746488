package org.nabla4j.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** The rows that a query gives. */
final class JdbcRows implements Rows {

  /** Most characters of a query that a message shows. */
  private static final int SHOWN = 60;

  private final Callable<Connection> connections;
  private final String sql;
  private final String description;

  /** The columns, once the query was prepared. */
  private Fields fields;

  private List<JdbcType> types;

  JdbcRows(Callable<Connection> connections, String sql) {
    this.connections = Objects.requireNonNull(connections, "connections");
    this.sql = Objects.requireNonNull(sql, "sql");
    String line = sql.strip().replaceAll("\\s+", " ");
    description =
        "query '" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "'";
  }

  @Override
  public List<Field> fields() {
    return checkedFields().list();
  }

  private synchronized Fields checkedFields() {
    if (fields == null) {
      try (Connection connection = connect()) {
        prepare(connection);
      } catch (SQLException e) {
        throw failure(description, e);
      }
    }
    return fields;
  }

  private void prepare(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      ResultSetMetaData columns = statement.getMetaData();
      if (columns != null) {
        look(columns);
        return;
      }
      // The driver does not know before it runs the query.
      statement.setMaxRows(1);
      try (ResultSet results = statement.executeQuery()) {
        look(results.getMetaData());
      }
    }
  }

  private void look(ResultSetMetaData columns) throws SQLException {
    List<Field> found = new ArrayList<>();
    List<JdbcType> foundTypes = new ArrayList<>();
    for (int j = 1; j <= columns.getColumnCount(); j++) {
      JdbcType type = typeOf(columns.getColumnType(j), columns.getColumnClassName(j));
      foundTypes.add(type);
      found.add(
          new Field(columns.getColumnLabel(j), type == JdbcType.TEXT ? Kind.TEXT : Kind.NUMBER));
    }
    if (found.isEmpty()) {
      throw new RowException(description + " gives no columns, expected a query that gives rows");
    }
    try {
      fields = new Fields(description, found);
    } catch (IllegalArgumentException e) {
      throw new RowException(e.getMessage(), "as gives a column another name");
    }
    types = foundTypes;
  }

  private static JdbcType typeOf(int type, String className) {
    switch (type) {
      case Types.BOOLEAN, Types.BIT -> {
        return JdbcType.TRUTH;
      }
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> {
        return JdbcType.WHOLE;
      }
      case Types.NUMERIC, Types.DECIMAL -> {
        return JdbcType.DECIMAL;
      }
      case Types.REAL, Types.FLOAT, Types.DOUBLE -> {
        return JdbcType.REAL;
      }
      default -> {
        // Types of a product's own, such as integers of 128 bits.
        return isNumber(className) ? JdbcType.DECIMAL : JdbcType.TEXT;
      }
    }
  }

  private static boolean isNumber(String className) {
    return className != null
        && Set.of(
                "java.math.BigInteger",
                "java.math.BigDecimal",
                "java.lang.Byte",
                "java.lang.Short",
                "java.lang.Integer",
                "java.lang.Long",
                "java.lang.Float",
                "java.lang.Double")
            .contains(className);
  }

  private Connection connect() {
    try {
      return Objects.requireNonNull(connections.call(), "connection");
    } catch (Exception e) {
      throw new RowException("no connection for " + description + ": " + RowException.reason(e), e);
    }
  }

  static RowException failure(String description, SQLException e) {
    return new RowException("cannot run " + description + ": " + RowException.reason(e), e);
  }

  @Override
  public long count() {
    return -1;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    Fields known = checkedFields();
    known.checkNumbers(numbers);
    Columns columns = new Columns(known, numbers, categories);
    Connection connection = connect();
    try {
      JdbcFiller filler = JdbcFiller.prepare(description, connection, sql, columns, types);
      return new ReadAheadReader(description, columns, filler);
    } catch (SQLException e) {
      RowException failure = failure(description, e);
      closeAfter(failure, connection);
      throw failure;
    } catch (RuntimeException | Error e) {
      closeAfter(e, connection);
      throw e;
    }
  }

  private static void closeAfter(Throwable failure, Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public String description() {
    return description;
  }
}
