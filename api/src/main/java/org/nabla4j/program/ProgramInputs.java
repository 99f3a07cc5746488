package org.nabla4j.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The symbols that a {@link Program} reads, by what they vary with. The position of a name in its
 * list is the index of the input.
 *
 * @param parameters θ: what a method searches for, one value for each problem
 * @param problemConstants known numbers, one value for each problem
 * @param sharedColumns data columns that all problems share, one value for each data point
 * @param problemColumns data columns with one value for each problem and data point
 */
public record ProgramInputs(
    List<String> parameters,
    List<String> problemConstants,
    List<String> sharedColumns,
    List<String> problemColumns) {

  /**
   * Copies the lists.
   *
   * @param parameters θ: what a method searches for, one value for each problem
   * @param problemConstants known numbers, one value for each problem
   * @param sharedColumns data columns that all problems share, one value for each data point
   * @param problemColumns data columns with one value for each problem and data point
   * @throws IllegalArgumentException if a name occurs twice
   */
  public ProgramInputs {
    parameters = List.copyOf(parameters);
    problemConstants = List.copyOf(problemConstants);
    sharedColumns = List.copyOf(sharedColumns);
    problemColumns = List.copyOf(problemColumns);
    Set<String> seen = new HashSet<>();
    for (List<String> names :
        List.of(parameters, problemConstants, sharedColumns, problemColumns)) {
      for (String name : names) {
        if (!seen.add(name)) {
          throw new IllegalArgumentException(
              "input '"
                  + name
                  + "' occurs twice: the names of parameters, constants and columns"
                  + " must be distinct");
        }
      }
    }
  }

  /**
   * The number of inputs of one kind.
   *
   * @param opcode one of the four input opcodes
   * @return how many there are
   */
  public int count(Opcode opcode) {
    return names(opcode).size();
  }

  /**
   * The names of the inputs of one kind.
   *
   * @param opcode one of the four input opcodes
   * @return the names in the order of their indices
   */
  public List<String> names(Opcode opcode) {
    return switch (opcode) {
      case PARAMETER -> parameters;
      case PROBLEM_CONSTANT -> problemConstants;
      case SHARED_COLUMN -> sharedColumns;
      case PROBLEM_COLUMN -> problemColumns;
      default -> throw new IllegalArgumentException("opcode " + opcode + " does not read an input");
    };
  }
}
