package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;

/** Batches joined one after the other. */
final class ProblemConcatenation extends Column {

  private final Column[] pieces;

  /** ends[i] is the number of problems in pieces 0 to i. */
  private final long[] ends;

  ProblemConcatenation(List<Column> pieces) {
    super(
        false,
        totalProblems(pieces),
        pieces.get(0).points(),
        pieces.stream().allMatch(Column::isFloat));
    this.pieces = pieces.toArray(Column[]::new);
    ends = new long[this.pieces.length];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += this.pieces[i].problems();
      ends[i] = end;
    }
  }

  private static long totalProblems(List<Column> pieces) {
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("pieces is empty: at least one column is needed");
    }
    long total = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Column piece = pieces.get(i);
      if (piece.shared() || piece.points() != pieces.get(0).points()) {
        throw new IllegalArgumentException(
            "pieces["
                + i
                + "] is "
                + piece
                + ", expected one row of "
                + pieces.get(0).points()
                + " points per problem as in pieces[0]");
      }
      total = Math.addExact(total, piece.problems());
    }
    return total;
  }

  /** Every piece has a problem, so the ends rise strictly. */
  private int pieceAt(long problem) {
    int found = Arrays.binarySearch(ends, problem + 1);
    return found >= 0 ? found : -found - 1;
  }

  private long inPiece(int piece, long problem) {
    return piece == 0 ? problem : problem - ends[piece - 1];
  }

  @Override
  public double[] arrayOrNull(long problem) {
    int piece = pieceAt(problem);
    return pieces[piece].arrayOrNull(inPiece(piece, problem));
  }

  @Override
  public float[] floatArrayOrNull(long problem) {
    int piece = pieceAt(problem);
    return pieces[piece].floatArrayOrNull(inPiece(piece, problem));
  }

  @Override
  public int base(long problem) {
    int piece = pieceAt(problem);
    return pieces[piece].base(inPiece(piece, problem));
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    int piece = pieceAt(problem);
    pieces[piece].copy(inPiece(piece, problem), from, count, target, offset);
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    int piece = pieceAt(problem);
    pieces[piece].copy(inPiece(piece, problem), from, count, target, offset);
  }
}
