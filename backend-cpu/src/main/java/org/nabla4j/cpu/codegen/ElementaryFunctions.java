package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Opcode;

/** Temporary. */
final class ElementaryFunctions {
  private ElementaryFunctions() {}

  private static final double[] C = {
    0.6931471805599453, 0.24022650695910097, 0.0555041086648216, 0.009618129107606715,
    0.0013333558146416842, 0.0001540353044202707, 1.525273382999124e-05, 1.3215442410711872e-06,
    1.0178062351388103e-07, 7.072621356539349e-09, 4.4549794711760616e-10
  };

  static Real emit(LaneCode c, Opcode op, Real a, Real b) {
    if (op == Opcode.SQRT) return c.sqrt(a);
    if (op == Opcode.ABS) return c.abs(a);
    if (op == Opcode.EXP)
      return emit(c, Opcode.EXP2, c.mul(a, c.constant(1.4426950408889634)), null);
    if (op != Opcode.EXP2) throw new IllegalArgumentException(op.toString());
    Real magic = c.constant(c.target().isDouble() ? 6755399441056767.0 : 12583039.0);
    Real t = c.add(a, magic);
    Real r = c.sub(a, c.sub(t, magic));
    Real s =
        c.fromBits(
            c.shl(
                c.max(
                    c.toBits(t), c.bits(c.target().isDouble() ? 0x4338000000000001L : 0x4B400001)),
                c.target().isDouble() ? 52 : 23));
    Real r2 = c.mul(r, r);
    Real e = c.constant(C[10]);
    for (int k = 8; k >= 0; k -= 2) e = c.fma(e, r2, c.constant(C[k]));
    Real o = c.constant(C[9]);
    for (int k = 7; k >= 1; k -= 2) o = c.fma(o, r2, c.constant(C[k]));
    return c.fma(c.mul(c.fma(o, r, e), r), s, s);
  }
}
