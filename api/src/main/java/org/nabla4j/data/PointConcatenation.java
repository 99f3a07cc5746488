package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;

/** Shared columns joined end to end. */
final class PointConcatenation extends Column {

  private final Column[] pieces;

  /** ends[i] is the number of points in pieces 0 to i. */
  private final long[] ends;

  PointConcatenation(List<Column> pieces) {
    super(true, 1, totalPoints(pieces), pieces.stream().allMatch(Column::isFloat));
    this.pieces = pieces.toArray(Column[]::new);
    ends = new long[this.pieces.length];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += this.pieces[i].points();
      ends[i] = end;
    }
  }

  private static long totalPoints(List<Column> pieces) {
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("pieces is empty: at least one column is needed");
    }
    long total = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Column piece = pieces.get(i);
      if (!piece.shared()) {
        throw new IllegalArgumentException(
            "pieces[" + i + "] is " + piece + " with a row per problem, expected a shared column");
      }
      total = Math.addExact(total, piece.points());
    }
    return total;
  }

  /** The piece that holds a point; empty pieces hold none. */
  private int pieceAt(long point) {
    int found = Arrays.binarySearch(ends, point + 1);
    int piece = found >= 0 ? found : -found - 1;
    while (piece > 0 && ends[piece - 1] > point) {
      piece--;
    }
    return piece;
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    int done = 0;
    while (done < count) {
      int piece = pieceAt(from + done);
      int length = (int) Math.min(count - done, ends[piece] - from - done);
      pieces[piece].copy(0, inPiece(piece, from + done), length, target, offset + done);
      done += length;
    }
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    int done = 0;
    while (done < count) {
      int piece = pieceAt(from + done);
      int length = (int) Math.min(count - done, ends[piece] - from - done);
      pieces[piece].copy(0, inPiece(piece, from + done), length, target, offset + done);
      done += length;
    }
  }

  private long inPiece(int piece, long point) {
    return piece == 0 ? point : point - ends[piece - 1];
  }
}
