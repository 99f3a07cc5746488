package org.nabla4j.cli;

import java.util.List;

/**
 * The columns of a file that a fit uses.
 *
 * @param rows the number of rows
 * @param columns values of each column asked for, {@code rows} of them; NaN where one is missing
 * @param groups the number of each row's group, null if none were asked for
 * @param labels the groups' names in order of appearance, empty if none were asked for
 * @param incomplete rows with a missing value
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are what fits take.
record Table(int rows, double[][] columns, int[] groups, List<String> labels, long incomplete) {}
