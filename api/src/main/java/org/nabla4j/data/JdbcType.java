package org.nabla4j.data;

/** How a column of a query is read. */
enum JdbcType {
  /** Floating-point numbers. */
  REAL,
  /** Whole numbers of at most 64 bits. */
  WHOLE,
  /** Decimal numbers, and whole ones of more bits. */
  DECIMAL,
  /** False is 0, true is 1. */
  TRUTH,
  /** What is no number, as the driver writes it. */
  TEXT
}
