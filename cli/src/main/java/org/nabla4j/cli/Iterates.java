package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.backend.IterationListener;

/** Keeps the steps of searches to draw them, of the first ones where there are many. */
final class Iterates implements IterationListener {

  /** Searches whose steps are kept. */
  static final int SEARCHES = 60;

  /** By problem, those of each search for it. */
  private final Map<Long, List<List<double[]>>> paths = new LinkedHashMap<>();

  @Override
  public void iteration(
      long problem, int iteration, double[] theta, double value, double gradientNorm) {
    if (problem < SEARCHES) {
      List<List<double[]>> searches = paths.computeIfAbsent(problem, unused -> new ArrayList<>());
      if (iteration == 0 || searches.isEmpty()) {
        searches.add(new ArrayList<>());
      }
      searches.get(searches.size() - 1).add(theta.clone());
    }
  }

  /** The parameters after each step, the start values first, of each search. */
  List<List<double[]>> paths() {
    return paths.values().stream().flatMap(List::stream).toList();
  }
}
