package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Opcode;
import org.nabla4j.program.Program;

/** Turns the instructions of a {@link Program} into lane code, one dependence class at a time. */
final class ProgramLowering {

  /** Where a program's inputs come from. */
  interface Inputs {
    Real parameter(int index);

    Real problemConstant(int index);

    /** A column that all problems share, at the current point; asked only if columns vary. */
    Real sharedColumn(int index);

    Real problemColumn(int index);

    /** A value of class SHARED, computed beforehand. */
    Real shared(int id);
  }

  private final LaneCode code;
  private final Program program;
  private final Inputs inputs;
  private final Real[] reals;
  private final Mask[] masks;

  ProgramLowering(LaneCode code, Program program, Inputs inputs) {
    this.code = code;
    this.program = program;
    this.inputs = inputs;
    this.reals = new Real[program.size()];
    this.masks = new Mask[program.size()];
  }

  /** Lowers all instructions of a class; those it depends on must have been lowered. */
  void lower(Dependence dependence) {
    for (int id = program.start(dependence); id < program.end(dependence); id++) {
      lower(id);
    }
  }

  /** Lowers one instruction; those it depends on must have been lowered or defined. */
  void lowerOne(int id) {
    lower(id);
  }

  /** Says what the value of an instruction is that is lowered elsewhere. */
  void define(int id, Real value) {
    if (masks[id] == null) {
      reals[id] = value;
    }
  }

  /** The value of an instruction that was lowered, a constant or shared. */
  Real value(int id) {
    Real v = reals[id];
    if (v == null && masks[id] != null) {
      v = code.select(masks[id], code.constant(1), code.constant(0));
    } else if (v == null) {
      v = atUse(id);
    }
    // not remembered: made in a loop it could not be seen after it
    return v;
  }

  private Real atUse(int id) {
    Instruction i = program.instruction(id);
    if (i.opcode() == Opcode.CONSTANT) {
      return code.constant(i.constant());
    }
    if (program.dependence(id) == Dependence.SHARED) {
      return inputs.shared(id);
    }
    throw new IllegalStateException("value " + id + " is used before it is computed");
  }

  private void lower(int id) {
    Instruction i = program.instruction(id);
    switch (i.opcode()) {
      case CONSTANT -> reals[id] = code.constant(i.constant());
      case PARAMETER -> reals[id] = inputs.parameter(i.a());
      case PROBLEM_CONSTANT -> reals[id] = inputs.problemConstant(i.a());
      case SHARED_COLUMN -> reals[id] = inputs.sharedColumn(i.a());
      case PROBLEM_COLUMN -> reals[id] = inputs.problemColumn(i.a());
      case ADD -> reals[id] = code.add(value(i.a()), value(i.b()));
      case SUB -> reals[id] = code.sub(value(i.a()), value(i.b()));
      case MUL -> reals[id] = code.mul(value(i.a()), value(i.b()));
      case DIV -> reals[id] = code.div(value(i.a()), value(i.b()));
      case NEG -> reals[id] = code.neg(value(i.a()));
      case FMA -> reals[id] = code.fma(value(i.a()), value(i.b()), value(i.c()));
      case RECIPROCAL -> reals[id] = code.div(code.constant(1), value(i.a()));
      case LT -> masks[id] = code.lt(value(i.a()), value(i.b()));
      case LE -> masks[id] = code.le(value(i.a()), value(i.b()));
      case GT -> masks[id] = code.gt(value(i.a()), value(i.b()));
      case GE -> masks[id] = code.ge(value(i.a()), value(i.b()));
      case EQ -> masks[id] = code.eq(value(i.a()), value(i.b()));
      case NE -> masks[id] = code.ne(value(i.a()), value(i.b()));
      case WHERE -> reals[id] = where(i.a(), value(i.b()), value(i.c()));
      default ->
          reals[id] =
              ElementaryFunctions.emit(
                  code, i.opcode(), value(i.a()), i.opcode().arity() > 1 ? value(i.b()) : null);
    }
  }

  /** A condition that is NaN gives NaN. */
  private Real where(int id, Real a, Real b) {
    if (masks[id] != null) {
      return code.select(masks[id], a, b);
    }
    Real condition = value(id);
    Real chosen = code.select(code.ne(condition, code.constant(0)), a, b);
    return code.select(code.isNaN(condition), condition, chosen);
  }
}
